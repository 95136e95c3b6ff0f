"""The files of trust beside a repository, and which of them a catalogue needs next.

trust/roots/<root id>/<number>      one version of a root
trust/withdrawals/<issuer id>       an issuer's newest list of withdrawals
trust/chains/<64 hex>               a chain of certificates, by the SHA-256 of the file
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Collection, Dict, Iterator, Mapping, Optional, Set

from content import catalogue as catalogues
from content.errors import DamagedError
from content.trust import envelope
from content.trust.accepting import (
    accept_chain,
    accept_root,
    accept_withdrawals,
    current_root,
    known_withdrawals,
)
from content.trust.certificate import MAX_CHAIN_BYTES, chain_name, unverified_certificates
from content.trust.hint import TrustHint, hint_of
from content.trust.root import MAX_ROOT_BYTES
from content.trust.state import ROOT, WITHDRAWALS, TrustState
from content.trust.withdrawal import MAX_WITHDRAWALS_BYTES

FOLDER = "trust"
_LIMITS = {"roots": MAX_ROOT_BYTES, "withdrawals": MAX_WITHDRAWALS_BYTES, "chains": MAX_CHAIN_BYTES}


@dataclass(frozen=True)
class TrustFile:
    """``kind`` is ``roots``, ``withdrawals`` or ``chains``."""

    kind: str
    name: str

    @property
    def path(self) -> str:
        """Where it lies, from the repository's folder."""
        return f"{FOLDER}/{self.kind}/{self.name}"

    @property
    def limit_bytes(self) -> int:
        """The most that it may hold, with room for base64 and signatures."""
        return 2 * _LIMITS[self.kind] + 4096


Fetch = Callable[[TrustFile], bytes]


def accept(state: TrustState, file: TrustFile, data: bytes) -> TrustState:
    """Take one file of trust, or raise the error of what is wrong with it, naming its path."""
    if file.kind == "roots":
        return accept_root(state, data, file.path)
    if file.kind == "withdrawals":
        return accept_withdrawals(state, data, file.path)
    if chain_name(data) != file.name:
        raise DamagedError(f"{file.path} is damaged: it differs from its own name; fetch it again.")
    return accept_chain(state, data, file.path)


def gather(
    data: bytes,
    state: TrustState,
    announced: Mapping[str, int],
    fetch: Fetch,
    place: str = "The catalogue",
) -> TrustState:
    """Bring what a catalogue needs before it can be verified: mostly nothing.

    Each file is asked for once. Raises what ``fetch`` or accepting a file raises.
    """
    done: Set[TrustFile] = set()
    file = next_needed(data, state, announced, done, place)
    while file is not None:
        done.add(file)
        state = accept(state, file, fetch(file))
        file = next_needed(data, state, announced, done, place)
    return state


def next_needed(
    data: bytes,
    state: TrustState,
    announced: Mapping[str, int],
    done: Collection[TrustFile] = (),
    place: str = "The catalogue",
) -> Optional[TrustFile]:
    """The next file to have, after those in ``done``, before a catalogue can be verified.

    The catalogue is believed by nobody yet: all that it can do is to have a file fetched.
    """
    payload = envelope.unverified_payload(data, catalogues.PAYLOAD_TYPE, place)
    catalogue = catalogues.parse_catalogue(payload, place)
    hint = hint_of(catalogue, place)
    if hint is None or catalogue.publisher in state.publishers:
        return None
    needed = _needed(state, catalogue.publisher, hint, announced)
    return next((file for file in needed if file not in done), None)


def _needed(
    state: TrustState, publisher: str, hint: TrustHint, announced: Mapping[str, int]
) -> Iterator[TrustFile]:
    for root_id in sorted(set(hint.roots) & set(state.pins)):
        newest = max(hint.roots[root_id], announced.get(ROOT + root_id, 0))
        known = current_root(state, root_id).number if root_id in state.roots else 0
        if known < newest:
            yield TrustFile("roots", f"{root_id}/{known + 1}")
        yield from _list_of(state, root_id, hint, announced)
    chain = state.chains.get(publisher, b"")
    if chain_name(chain) != hint.chain:
        yield TrustFile("chains", hint.chain)
        return
    for certificate in unverified_certificates(chain):
        if certificate.issuer not in state.pins:
            yield from _list_of(state, certificate.issuer, hint, announced)


def _list_of(
    state: TrustState, issuer: str, hint: TrustHint, announced: Mapping[str, int]
) -> Iterator[TrustFile]:
    newest = max(hint.withdrawals.get(issuer, 0), announced.get(WITHDRAWALS + issuer, 0))
    known = known_withdrawals(state, issuer)
    if newest > (known.serial if known else 0):
        yield TrustFile("withdrawals", issuer)


def news(
    state: TrustState, announced: Mapping[str, int], done: Collection[TrustFile] = ()
) -> Optional[TrustFile]:
    """The next root or list, after those in ``done``, of which a server knows a newer number.

    Roots that the school did not name, and lists by issuers of whom no chain is known, are passed
    over.
    """
    found = (file for file in _news(state, announced) if file not in done)
    return next(found, None)


def numbers(state: TrustState) -> Dict[str, int]:
    """The newest numbers of roots and lists in ``state``, by the names that servers announce."""
    roots = {
        ROOT + one: current_root(state, one).number for one in state.roots if one in state.pins
    }
    lists = {issuer: known_withdrawals(state, issuer) for issuer in state.withdrawals}
    serials = {WITHDRAWALS + issuer: found.serial for issuer, found in lists.items() if found}
    return {**roots, **serials}


def _news(state: TrustState, announced: Mapping[str, int]) -> Iterator[TrustFile]:
    known = numbers(state)
    for root_id in sorted(state.pins):
        number = known.get(ROOT + root_id, 0)
        if number < announced.get(ROOT + root_id, 0):
            yield TrustFile("roots", f"{root_id}/{number + 1}")
    for issuer in sorted({*state.roots, *_issuers(state)}):
        if known.get(WITHDRAWALS + issuer, 0) < announced.get(WITHDRAWALS + issuer, 0):
            yield TrustFile("withdrawals", issuer)


def _issuers(state: TrustState) -> Iterator[str]:
    for data in state.chains.values():
        yield from (one.issuer for one in unverified_certificates(data))
