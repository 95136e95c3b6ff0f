"""Accepting roots, lists and chains: what is refused changes nothing, what is older is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import ContentError, UntrustedKeyError
from content.trust.accepting import (
    accept_chain,
    accept_root,
    accept_withdrawals,
    current_root,
    known_chain,
    known_withdrawals,
    may_replace,
    withdrawn_by,
)
from content.trust.certificate import join_chain, split_chain
from content.trust.errors import (
    ForkedError,
    OlderTrustError,
    ThresholdError,
    UnknownChainError,
    WithdrawnKeyError,
)
from content.trust.keys import PublisherKey
from content.trust.state import TrustState
from content.trust.withdrawal import Withdrawn
from tests.support import trust as world
from tests.support.trust import (
    HOLDERS,
    MINISTRY,
    PIN,
    REGION,
    ROOT_FILE,
    ROOT_ID,
    SCHOOL,
    STRANGER,
    TEACHER,
    certify,
    chain_of,
    key,
    withdraw,
)

KEYS = (MINISTRY, REGION, SCHOOL, TEACHER)
CHAIN = chain_of(KEYS)
GONE = Withdrawn(TEACHER.public.key_id)


def ready() -> TrustState:
    return accept_chain(world.state_with_root(), CHAIN)


def test_only_a_pinned_root_is_taken() -> None:
    with pytest.raises(UntrustedKeyError, match="which this school does not know"):
        accept_root(TrustState(), ROOT_FILE)
    state = accept_root(TrustState(pins={ROOT_ID: PIN}), ROOT_FILE)
    assert accept_root(state, ROOT_FILE) is state


def test_roots_are_followed_one_by_one() -> None:
    state = world.state_with_root()
    holders = list(HOLDERS)
    for number in range(2, 6):
        newcomer = key(40 + number)
        old, holders = holders, [*holders[1:], newcomer]
        root = world.make_root(holders, 2, number, ROOT_ID)
        state = accept_root(state, world.sign_root(root, (*old[1:], newcomer)))
        assert current_root(state, ROOT_ID) == root
    with pytest.raises(OlderTrustError):
        accept_root(state, ROOT_FILE)


def test_lists_only_grow() -> None:
    state = accept_withdrawals(ready(), withdraw(HOLDERS[:2], ROOT_ID, 5, GONE))
    with pytest.raises(OlderTrustError, match="is number 4, older than number 5"):
        accept_withdrawals(state, withdraw(HOLDERS[:2], ROOT_ID, 4))
    with pytest.raises(ForkedError, match="differs from number 5"):
        accept_withdrawals(state, withdraw(HOLDERS[:2], ROOT_ID, 5))
    later = accept_withdrawals(state, withdraw(HOLDERS[:2], ROOT_ID, 6))
    found = known_withdrawals(later, ROOT_ID)
    assert found is not None and found.serial == 6


def test_who_may_write_a_list() -> None:
    region = REGION.public.key_id
    with pytest.raises(ThresholdError, match="1 of the 2 holders"):
        accept_withdrawals(ready(), withdraw(HOLDERS[:1], ROOT_ID, 1))
    with pytest.raises(UntrustedKeyError):
        accept_withdrawals(ready(), withdraw([STRANGER], region, 1))
    with pytest.raises(UntrustedKeyError, match="whom nobody here has certified"):
        accept_withdrawals(ready(), withdraw([STRANGER], STRANGER.public.key_id, 1))
    with pytest.raises(UntrustedKeyError, match="whom nobody here has certified"):
        accept_withdrawals(world.state_with_root(), withdraw([REGION], region, 1))
    assert known_withdrawals(accept_withdrawals(ready(), withdraw([REGION], region, 1)), region)


def test_a_withdrawn_issuer_withdraws_nobody() -> None:
    gone = Withdrawn(REGION.public.key_id)
    state = accept_withdrawals(ready(), withdraw([MINISTRY], MINISTRY.public.key_id, 1, gone))
    with pytest.raises(WithdrawnKeyError, match="by The region, whose key was withdrawn"):
        accept_withdrawals(state, withdraw([REGION], REGION.public.key_id, 1, GONE))


def test_every_flipped_byte_of_a_list_is_refused_by_name() -> None:
    state = ready()
    for good in (
        withdraw(HOLDERS[:2], ROOT_ID, 5, GONE),
        withdraw(HOLDERS, ROOT_ID, 5, GONE),
        withdraw([REGION], REGION.public.key_id, 1, GONE),
    ):
        assert accept_withdrawals(state, good)
        for at in range(len(good)):
            bad = bytearray(good)
            bad[at] ^= 1 + at % 255
            with pytest.raises(ContentError, match=r"^trust/withdrawals/x"):
                accept_withdrawals(state, bytes(bad), "trust/withdrawals/x")


def test_an_older_certificate_of_the_same_key_is_refused() -> None:
    renewed = chain_of(KEYS, {3: {"number": 4}})
    state = accept_chain(ready(), renewed)
    with pytest.raises(OlderTrustError, match="of A teacher is number 1, older"):
        accept_chain(state, CHAIN)
    assert accept_chain(state, renewed) == state


def test_a_chain_under_an_unknown_root() -> None:
    with pytest.raises(UntrustedKeyError, match="is not known here"):
        accept_chain(TrustState(), CHAIN)
    with pytest.raises(UnknownChainError, match="are not here yet"):
        known_chain(world.state_with_root(), TEACHER.public.key_id)


def _replacing(issuer: PublisherKey, above: Sequence[PublisherKey], name: PublisherKey) -> bytes:
    new = certify([issuer], STRANGER, issuer.public.key_id, replaces=(name.public.key_id,))
    return join_chain((*split_chain(chain_of(above)), new))


def test_who_takes_over_the_packs_of_a_former_key() -> None:
    former, new = TEACHER.public.key_id, STRANGER.public.key_id
    assert may_replace(TrustState(), former, former)
    assert not may_replace(ready(), new, former)
    fields: Dict[int, Dict[str, object]] = {2: {"may_certify": 1}}
    school = join_chain(
        (
            *split_chain(
                chain_of(KEYS[:3], {0: {"may_certify": 4}, 1: {"may_certify": 3}, **fields})
            ),
            certify([SCHOOL], STRANGER, SCHOOL.public.key_id, replaces=(former,)),
        )
    )
    state = accept_chain(ready(), school)
    assert may_replace(state, new, former)
    assert not may_replace(state, new, MINISTRY.public.key_id)
    assert not may_replace(state, former, new)


def test_a_neighbour_takes_over_nothing() -> None:
    former, new = TEACHER.public.key_id, STRANGER.public.key_id
    other = key(50)
    links = split_chain(chain_of((MINISTRY, other), {0: {"may_certify": 3}, 1: {"may_certify": 1}}))
    greedy = certify([other], STRANGER, other.public.key_id, replaces=(former,))
    state = accept_chain(ready(), join_chain((*links, greedy)))
    assert known_chain(state, new)
    assert not may_replace(state, new, former)


PEOPLE = [key(number) for number in range(60, 65)]


@given(
    st.lists(st.booleans(), min_size=1, max_size=5),
    st.dictionaries(st.integers(0, 4), st.sets(st.integers(0, 4), max_size=2), max_size=3),
)
def test_withdrawn_is_what_somebody_above_says(
    length: List[bool], lists: Dict[int, List[int]]
) -> None:
    """The oracle: a pair (issuer, key) counts when the issuer stands above the key in the chain."""
    keys = PEOPLE[: len(length)]
    state = accept_chain(world.state_with_root(), chain_of(keys))
    withdrawals = {}
    for issuer, named in lists.items():
        signers = HOLDERS[:2] if issuer == 0 else [PEOPLE[issuer - 1]]
        name = ROOT_ID if issuer == 0 else PEOPLE[issuer - 1].public.key_id
        entries = [Withdrawn(PEOPLE[one].public.key_id) for one in named]
        withdrawals[name] = withdraw(signers, name, 1, *entries)
    state = replace(state, withdrawals=withdrawals)
    expected = {
        PEOPLE[one].public.key_id
        for issuer, named in lists.items()
        for one in named
        if one < len(keys) and issuer <= one and issuer < len(keys)
    }
    chain = known_chain(state, keys[-1].public.key_id)
    assert set(withdrawn_by(state, chain)) == expected
