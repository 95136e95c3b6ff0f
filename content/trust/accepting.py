"""Accepting what trust rests on: roots, lists of withdrawals, chains of certificates.

Bytes from any road and what was accepted before go in; what is to be remembered from now on comes
out, or a typed error, after which nothing has changed. Nothing here reads, writes or asks for the
time. Cf. python-tuf's trusted metadata set.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Optional

from content.errors import ContentError, UntrustedKeyError
from content.trust import certificate as certificates
from content.trust import envelope, withdrawal
from content.trust import root as roots
from content.trust.certificate import Chain
from content.trust.errors import (
    ForkedError,
    OlderTrustError,
    UnknownChainError,
    WithdrawnKeyError,
)
from content.trust.root import Root, check_threshold, parse_root, read_first_root, read_next_root
from content.trust.state import TrustState
from content.trust.withdrawal import Withdrawals, parse_withdrawals


def accept_root(state: TrustState, data: bytes, place: str = "The root") -> TrustState:
    """Take the first version of a pinned root, or the version after the one accepted last."""
    found = parse_root(envelope.unverified_payload(data, roots.PAYLOAD_TYPE, place), place)
    known = state.roots.get(found.id)
    if known is not None:
        before = current_root(state, found.id)
        root = read_next_root(data, before, place)
        if root == before:
            return state
    elif found.id in state.pins:
        root = read_first_root(data, state.pins[found.id], place)
    else:
        raise UntrustedKeyError(f"{place} is {found.id[:8]}, which this school does not know.")
    return replace(state, roots={**state.roots, root.id: data})


def current_root(state: TrustState, root_id: str) -> Root:
    """The newest accepted version of a pinned root; raises UntrustedKeyError without one."""
    if root_id not in state.roots or root_id not in state.pins:
        raise UntrustedKeyError(f"The root {root_id[:8]} is not known here.")
    data = state.roots[root_id]
    return parse_root(
        envelope.unverified_payload(data, roots.PAYLOAD_TYPE), f"The root {root_id[:8]}"
    )


def accept_withdrawals(
    state: TrustState, data: bytes, place: str = "The list of withdrawals"
) -> TrustState:
    """Take an issuer's list; the chain to the issuer must have been accepted."""
    payload = envelope.unverified_payload(data, withdrawal.PAYLOAD_TYPE, place)
    found = parse_withdrawals(payload, place)
    if found.issuer in state.roots:
        root = current_root(state, found.issuer)
        verified = envelope.verify_all(data, withdrawal.PAYLOAD_TYPE, root.by_id, place)
        check_threshold(verified.key_ids, root, place)
    else:
        key = _issuer_key(state, found.issuer, place)
        envelope.verify_all(data, withdrawal.PAYLOAD_TYPE, {found.issuer: key}, place)
    known = known_withdrawals(state, found.issuer)
    if known and found.serial < known.serial:
        raise OlderTrustError(
            f"{place} is number {found.serial}, older than number {known.serial} accepted before."
        )
    if known and found.serial == known.serial and found != known:
        raise ForkedError(f"{place} differs from number {known.serial} accepted before.")
    return replace(state, withdrawals={**state.withdrawals, found.issuer: data})


def known_withdrawals(state: TrustState, issuer: str) -> Optional[Withdrawals]:
    """The newest list accepted from an issuer, or None."""
    data = state.withdrawals.get(issuer)
    if data is None:
        return None
    return parse_withdrawals(envelope.unverified_payload(data, withdrawal.PAYLOAD_TYPE))


def accept_chain(state: TrustState, data: bytes, place: str = "The chain") -> TrustState:
    """Take the chain of certificates of a publisher whose root is known."""
    first = certificates.unverified_certificates(data, place)[0]
    chain = certificates.read_chain(data, current_root(state, first.issuer), place)
    known = state.chains.get(chain.publisher.key_id)
    before = {
        (one.issuer, one.key_id): one.number
        for one in (certificates.unverified_certificates(known) if known else ())
    }
    for one in chain.certificates:
        if one.number < before.get((one.issuer, one.key_id), 0):
            raise OlderTrustError(
                f"{place}: the certificate of {one.name} is number {one.number}, older than one "
                "accepted before."
            )
    return replace(state, chains={**state.chains, chain.publisher.key_id: data})


def known_chain(state: TrustState, publisher: str) -> Chain:
    """A publisher's chain, verified again under the root of now; raises UnknownChainError."""
    data = state.chains.get(publisher)
    if data is None:
        raise UnknownChainError(f"The certificates of {publisher[:8]} are not here yet.")
    place = f"The chain of {publisher[:8]}"
    issuer = certificates.unverified_certificates(data, place)[0].issuer
    return certificates.read_chain(data, current_root(state, issuer), place)


def withdrawn_by(state: TrustState, chain: Chain) -> Dict[str, str]:
    """Key ids in a chain that were withdrawn, each with the catalogue that is spared or nothing.

    An issuer's list counts for everybody below the issuer, and for nobody else.
    """
    found = {}
    for place, issuer in enumerate(chain.issuers):
        withdrawals = known_withdrawals(state, issuer)
        for one in chain.certificates[place:] if withdrawals else ():
            entry = withdrawals.find(one) if withdrawals else None
            if entry is not None:
                found[one.key_id] = entry.catalogue
    return found


def may_replace(state: TrustState, publisher: str, former: str) -> bool:
    """Whether a publisher takes over the packs of a former key.

    Its certificate must name the former key, and be by somebody who stood above that one too.
    """
    if publisher == former:
        return True
    if former not in state.chains:
        return False
    try:
        new = known_chain(state, publisher)
    except ContentError:
        return False
    # The former chain was verified when it came; the root may have moved on since.
    old = certificates.unverified_certificates(state.chains[former])
    above = {one.issuer for one in old}
    return former in new.publisher.replaces and new.publisher.issuer in above


def _issuer_key(state: TrustState, issuer: str, place: str) -> bytes:
    for publisher in state.chains:
        try:
            chain = known_chain(state, publisher)
        except ContentError:
            continue
        for one in chain.certificates:
            if one.key_id != issuer:
                continue
            if one.key_id in withdrawn_by(state, chain):
                raise WithdrawnKeyError(f"{place} is by {one.name}, whose key was withdrawn.")
            return one.key
    raise UntrustedKeyError(f"{place} is by {issuer[:8]}, whom nobody here has certified.")
