"""The verifier of catalogues: bytes go in, a verified catalogue or a typed error comes out.

The order is root, withdrawals, chain (see content.trust.accepting), then the catalogue and its
manifests.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Dict, Mapping, Optional, Tuple

from content import catalogue as catalogues
from content import reader
from content.catalogue import Catalogue, CatalogueEntry
from content.errors import ContentError, RollbackError, UntrustedKeyError
from content.manifest import Manifest
from content.trust import envelope
from content.trust.accepting import current_root, known_chain, known_withdrawals, withdrawn_by
from content.trust.certificate import Chain, chain_name
from content.trust.errors import (
    ForkedError,
    FrozenError,
    LimitError,
    OlderVersionError,
    UnknownChainError,
    WithdrawnKeyError,
)
from content.trust.hint import TrustHint, hint_of
from content.trust.state import MAX_REMEMBERED, ROOT, WITHDRAWALS, Accepted, TrustState

NOTHING_ANNOUNCED: Mapping[str, int] = {}


@dataclass(frozen=True)
class VerifiedCatalogue:
    """A catalogue whose signature, number and certificates hold.

    ``state`` is what to remember once it is used. ``entries`` are the packs that may be used,
    ``refused`` those that may not, each with its error: the others are not held up by them.
    ``chain`` is None for a publisher whom the school's server trusts directly.
    """

    catalogue: Catalogue
    state: TrustState
    trusted: Mapping[str, bytes]
    entries: Tuple[CatalogueEntry, ...]
    refused: Mapping[str, ContentError] = field(default_factory=dict)
    chain: Optional[Chain] = None

    def read_manifest(self, data: bytes, entry: CatalogueEntry, place: str = "") -> Manifest:
        """Open the very manifest that ``entry`` lists, within the key's limits.

        Raises the entry's error where it is refused, DamagedError, MixedVersionsError, LimitError.
        """
        if entry.pack in self.refused:
            raise self.refused[entry.pack]
        manifest = reader.read_listed_manifest(data, entry, self.trusted, place)
        self.check_manifest(manifest)
        return manifest

    def check_manifest(self, manifest: Manifest) -> None:
        """Raise LimitError for a manifest, however it came, that the certificates do not cover."""
        check_manifest(manifest, self.chain)


def check_manifest(manifest: Manifest, chain: Optional[Chain]) -> None:
    """Raise LimitError where a chain covers neither the manifest's subject nor its pack."""
    if chain is None:
        return
    _check_pack(manifest.pack, chain)
    if not chain.limits.allows_subject(manifest.subject):
        raise LimitError(
            f"{manifest.pack} version {manifest.version} is about "
            f"{manifest.subject or 'no subject'}, which the certificate of {chain.publisher.name} "
            "does not cover."
        )


def verify_catalogue(
    data: bytes,
    state: TrustState,
    school: Optional[str] = None,
    announced: Mapping[str, int] = NOTHING_ANNOUNCED,
    place: str = "The catalogue",
) -> VerifiedCatalogue:
    """Verify a catalogue against everything accepted so far.

    Args:
        data: The envelope.
        state: What was accepted so far.
        school: The id of the school's server, which certificates may name; None does not ask.
        announced: The newest numbers that the server told in an answer that it signed: of
            catalogues by publisher, of roots by ``root-`` and id, of lists by ``withdrawals-`` and
            issuer.
        place: What to call the catalogue in sentences.

    Raises:
        ContentError: UntrustedKeyError, SignatureError, UnknownChainError, RollbackError,
            ForkedError, FrozenError, WithdrawnKeyError, LimitError, what reading a chain raises,
            or FormatError and its kin.
    """
    payload = envelope.unverified_payload(data, catalogues.PAYLOAD_TYPE, place)
    claimed = catalogues.parse_catalogue(payload, place)
    hint = hint_of(claimed, place)
    chain = _chain_for(state, claimed.publisher, hint, place)
    if chain is None:
        trusted = {claimed.publisher: state.publishers[claimed.publisher]}
    else:
        trusted = {claimed.publisher: chain.publisher.key}
    catalogue = reader.read_catalogue(data, trusted, place=place)
    sha256 = hashlib.sha256(data).hexdigest()
    known = state.catalogues.get(catalogue.publisher, Accepted(0, "", {}))
    _check_number(catalogue, sha256, known, announced, place)
    if chain is not None:
        _check_fresh(state, chain, hint, announced, place)
        if sha256 != known.sha256:
            _check_withdrawn(state, chain, sha256, place)
        _check_limits(catalogue, chain, school, place)
    refused = _refusals(catalogue, known, chain)
    entries = tuple(one for one in catalogue.packs if one.pack not in refused)
    if chain is not None and chain.limits.versions is not None:
        _check_count(entries, catalogue.serial - known.serial, known, chain, place)
    versions = {**known.versions, **{one.pack: one.version for one in entries}}
    if len(versions) > MAX_REMEMBERED:
        raise LimitError(f"{place} and those before it list more than {MAX_REMEMBERED} packs.")
    accepted = Accepted(catalogue.serial, sha256, versions)
    later = replace(state, catalogues={**state.catalogues, catalogue.publisher: accepted})
    return VerifiedCatalogue(catalogue, later, trusted, entries, refused, chain)


def _chain_for(
    state: TrustState, publisher: str, hint: Optional[TrustHint], place: str
) -> Optional[Chain]:
    if publisher in state.publishers:
        return None
    if hint is None:
        raise UntrustedKeyError(
            f"{place} is signed by {publisher[:8]}, whom nobody here trusts, and names no "
            "certificates."
        )
    if chain_name(state.chains.get(publisher, b"")) != hint.chain:
        raise UnknownChainError(f"{place} names certificates that are not here yet.")
    return known_chain(state, publisher)


def _check_number(
    catalogue: Catalogue,
    sha256: str,
    known: Accepted,
    announced: Mapping[str, int],
    place: str,
) -> None:
    if catalogue.serial < known.serial:
        raise RollbackError(
            f"{place} is number {catalogue.serial}, older than number {known.serial} seen before."
        )
    if catalogue.serial == known.serial and sha256 != known.sha256:
        raise ForkedError(f"{place} differs from number {known.serial} seen before.")
    newest = announced.get(catalogue.publisher, 0)
    if catalogue.serial < newest:
        raise FrozenError(
            f"{place} is number {catalogue.serial}, but the school's server knows number {newest}: "
            "somebody holds the newer one back."
        )


def _check_fresh(
    state: TrustState,
    chain: Chain,
    hint: Optional[TrustHint],
    announced: Mapping[str, int],
    place: str,
) -> None:
    said = hint or TrustHint("")
    number = current_root(state, chain.root).number
    newest = max(announced.get(ROOT + chain.root, 0), said.roots.get(chain.root, 0))
    if number < newest:
        raise FrozenError(f"{place} needs root number {newest}, but number {number} is here.")
    for issuer in chain.issuers:
        known = known_withdrawals(state, issuer)
        serial = known.serial if known else 0
        newest = max(announced.get(WITHDRAWALS + issuer, 0), said.withdrawals.get(issuer, 0))
        if serial < newest:
            raise FrozenError(
                f"{place} needs list of withdrawals number {newest} by {issuer[:8]}, but number "
                f"{serial} is here."
            )


def _check_withdrawn(state: TrustState, chain: Chain, sha256: str, place: str) -> None:
    spared = withdrawn_by(state, chain)
    names = {one.key_id: one.name for one in chain.certificates}
    for key_id, catalogue in spared.items():
        if key_id != chain.publisher.key_id or catalogue != sha256:
            raise WithdrawnKeyError(
                f"{place} rests on the key of {names[key_id]}, which was withdrawn: what came "
                "before stays, nothing newer is taken."
            )


def _check_limits(catalogue: Catalogue, chain: Chain, school: Optional[str], place: str) -> None:
    name = chain.publisher.name
    if school is not None and not chain.limits.allows_school(school):
        raise LimitError(f"{place} is by {name}, whose certificate does not cover this school.")
    if chain.limits.versions is not None and catalogue.serial > chain.last_serial:
        raise LimitError(
            f"{place} is number {catalogue.serial}, but the certificate of {name} ends with number "
            f"{chain.last_serial}."
        )


def _check_count(
    entries: Tuple[CatalogueEntry, ...], numbers: int, known: Accepted, chain: Chain, place: str
) -> None:
    """A number may bring one version: or else a single number could bring any number of them."""
    changed = sum(known.versions.get(one.pack) != one.version for one in entries)
    if changed > numbers:
        raise LimitError(
            f"{place} brings {changed} versions under {numbers} numbers, but the certificate of "
            f"{chain.publisher.name} counts each."
        )


def _refusals(
    catalogue: Catalogue, known: Accepted, chain: Optional[Chain]
) -> Dict[str, ContentError]:
    refused: Dict[str, ContentError] = {}
    for entry in catalogue.packs:
        try:
            if entry.version < known.versions.get(entry.pack, 0):
                raise OlderVersionError(
                    f"{entry.pack} is listed at version {entry.version}, older than version "
                    f"{known.versions[entry.pack]} seen before."
                )
            if chain is not None:
                _check_pack(entry.pack, chain)
        except ContentError as problem:
            refused[entry.pack] = problem
    return refused


def _check_pack(pack: str, chain: Chain) -> None:
    if not chain.limits.allows_pack(pack):
        raise LimitError(f"The certificate of {chain.publisher.name} does not cover {pack}.")
