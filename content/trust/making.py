"""Making what trust rests on: roots, certificates, lists of withdrawals, and their signatures."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Optional, Sequence

from content import catalogue as catalogues
from content.catalogue import Catalogue
from content.errors import FormatError, MismatchError
from content.trust import certificate as certificates
from content.trust import envelope, withdrawal
from content.trust import root as roots
from content.trust.accepting import known_chain, known_withdrawals
from content.trust.certificate import Certificate, chain_name, join_chain, split_chain
from content.trust.errors import ThresholdError
from content.trust.hint import FIELD, TrustHint
from content.trust.keys import PublisherKey
from content.trust.root import Root, parse_root, read_next_root
from content.trust.state import TrustState
from content.trust.withdrawal import Withdrawals, Withdrawn, parse_withdrawals

KINDS = (roots.PAYLOAD_TYPE, certificates.PAYLOAD_TYPE, withdrawal.PAYLOAD_TYPE)


def make_root(root: Root, keys: Sequence[PublisherKey]) -> bytes:
    """Write a root's file; it may lack signatures that others are to add."""
    payload = root.to_bytes()
    parse_root(payload)
    return envelope.sign(payload, roots.PAYLOAD_TYPE, keys)


def next_root(known: Root, root: Root, keys: Sequence[PublisherKey]) -> bytes:
    """Write the version after ``known``; it may lack signatures that others are to add."""
    data = make_root(replace(root, number=known.number + 1, id=known.id), keys)
    with contextlib.suppress(ThresholdError):
        read_next_root(data, known)
    return data


def make_chain(
    root: Root, above: Optional[bytes], certificate: Certificate, keys: Sequence[PublisherKey]
) -> bytes:
    """Write a chain: ``above`` and one certificate more, by its issuer.

    Without ``above`` the root's holders sign, and some of them may do so later. Raises what reading
    the chain raises.
    """
    links = split_chain(above) if above else ()
    signed = envelope.sign(certificate.to_bytes(), certificates.PAYLOAD_TYPE, keys)
    data = join_chain((*links, signed))
    try:
        certificates.read_chain(data, root)
    except ThresholdError:
        # Not all holders have signed: a chain below them can be judged only when they have.
        if above:
            raise
    return data


def make_withdrawals(
    known: Optional[bytes], issuer: str, entry: Withdrawn, keys: Sequence[PublisherKey]
) -> bytes:
    """Write an issuer's next list: what ``known`` says, and ``entry``."""
    if known is None:
        before = Withdrawals(issuer, 0)
    else:
        before = parse_withdrawals(envelope.unverified_payload(known, withdrawal.PAYLOAD_TYPE))
    if before.issuer != issuer:
        raise MismatchError(f"The list is by {before.issuer[:8]}, not by {issuer[:8]}.")
    return envelope.sign(before.with_entry(entry).to_bytes(), withdrawal.PAYLOAD_TYPE, keys)


def countersign(data: bytes, keys: Sequence[PublisherKey], place: str) -> bytes:
    """Add signatures to a root, a list, or the last certificate of a chain."""
    head, line, last = data.rpartition(b"\n")
    kind = envelope.payload_type_of(last)
    if kind not in KINDS:
        raise FormatError(f"{place} is no root, certificate or list of withdrawals.")
    for key in keys:
        last = envelope.add_signature(last, kind, key, place)
    return head + line + last


def with_trust(catalogue: Catalogue, state: TrustState) -> Catalogue:
    """The next catalogue, which names its publisher's chain and the newest numbers in ``state``."""
    chain = known_chain(state, catalogue.publisher)
    lists = {issuer: known_withdrawals(state, issuer) for issuer in chain.issuers}
    hint = TrustHint(
        chain=chain_name(state.chains[catalogue.publisher]),
        roots={chain.root: _number(state, chain.root)},
        withdrawals={issuer: found.serial for issuer, found in lists.items() if found},
    )
    if catalogue.extra.get(FIELD) == hint.as_values():
        return catalogue
    extra = {**catalogue.extra, FIELD: hint.as_values()}
    return replace(catalogue, serial=catalogue.serial + 1, extra=extra)


def sign_catalogue(catalogue: Catalogue, key: PublisherKey) -> bytes:
    """A catalogue's envelope."""
    return envelope.sign(catalogue.to_bytes(), catalogues.PAYLOAD_TYPE, [key])


def _number(state: TrustState, root_id: str) -> int:
    payload = envelope.unverified_payload(state.roots[root_id], roots.PAYLOAD_TYPE)
    return parse_root(payload).number
