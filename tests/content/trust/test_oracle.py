"""Random chains against plain set logic: a catalogue is used when every rule allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Set, Tuple

from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import ContentError
from content.limits import Limits
from content.trust.accepting import accept_chain, accept_withdrawals
from content.trust.certificate import MAX_CHAIN
from content.trust.trusted_catalogue import verify_catalogue
from content.trust.withdrawal import Withdrawn
from tests.support import trust as world
from tests.support.examples import examples
from tests.support.trust import HOLDERS, ROOT_ID, catalogue, chain_of, key, withdraw

PEOPLE = [key(number) for number in range(70, 76)]
PACKS = ("equations", "powers", "roots")
SCHOOLS = ("s1", "s2")


@dataclass(frozen=True)
class Link:
    """A certificate in the oracle's words."""

    may_certify: int
    packs: Optional[Set[str]]
    schools: Optional[Set[str]]
    versions: Optional[int]


def some(values: Tuple[str, ...]) -> st.SearchStrategy[Optional[Set[str]]]:
    return st.none() | st.sets(st.sampled_from(values), min_size=1)


LINKS = st.builds(
    Link,
    may_certify=st.integers(0, MAX_CHAIN - 1),
    packs=some(PACKS),
    schools=some(SCHOOLS),
    versions=st.none() | st.integers(1, 6),
)


def _listed(values: Optional[Set[str]]) -> Optional[Tuple[str, ...]]:
    return None if values is None else tuple(sorted(values))


def holds(chain: List[Link]) -> bool:
    """Whether a chain is one: nobody gives more than they have, nor more often than they may."""
    packs, schools, versions, left = set(PACKS), set(SCHOOLS), 10**9, MAX_CHAIN
    for place, link in enumerate(chain):
        if place and (left < 1 or link.may_certify >= left):
            return False
        if not (link.packs or set()) <= packs or not (link.schools or set()) <= schools:
            return False
        if (link.versions or 0) > versions:
            return False
        packs &= link.packs or packs
        schools &= link.schools or schools
        versions = min(versions, link.versions or versions)
        left = link.may_certify
    return True


@settings(max_examples=examples(300))
@given(
    chain=st.lists(LINKS, min_size=1, max_size=4),
    signed=st.integers(0, 3),
    serial=st.integers(1, 8),
    published=st.sets(st.sampled_from(PACKS)),
    school=st.sampled_from(SCHOOLS),
    withdrawn=st.sets(st.integers(0, 5), max_size=2),
)
def test_what_is_used_is_what_the_rules_allow(
    chain: List[Link],
    signed: int,
    serial: int,
    published: Set[str],
    school: str,
    withdrawn: Set[int],
) -> None:
    keys = PEOPLE[: len(chain)]
    fields = {
        place: {
            "may_certify": link.may_certify,
            "limits": Limits(None, _listed(link.schools), _listed(link.packs), link.versions),
        }
        for place, link in enumerate(chain)
    }
    data = chain_of(keys, fields, HOLDERS[:signed] or [PEOPLE[5]])
    allowed = set(PACKS).intersection(*(link.packs or set(PACKS) for link in chain))
    schools = set(SCHOOLS).intersection(*(link.schools or set(SCHOOLS) for link in chain))
    versions = min((link.versions for link in chain if link.versions), default=None)
    usable = published & allowed
    expected = (
        signed >= 2
        and holds(chain)
        and school in schools
        and not withdrawn & set(range(len(chain)))
        and (versions is None or (serial <= versions and len(usable) <= serial))
    )
    try:
        state = accept_chain(world.state_with_root(), data)
        entries = [Withdrawn(PEOPLE[one].public.key_id) for one in withdrawn]
        state = accept_withdrawals(state, withdraw(HOLDERS[:2], ROOT_ID, 1, *entries))
        listing = catalogue(keys[-1], serial, dict.fromkeys(published, 1), data)
        verified = verify_catalogue(listing, state, school)
    except ContentError:
        assert not expected
        return
    assert expected
    assert {one.pack for one in verified.entries} == usable
    assert set(verified.refused) == published - allowed


VERSIONS = st.dictionaries(st.sampled_from(PACKS), st.integers(1, 4))


@settings(max_examples=examples(200))
@given(st.lists(st.tuples(st.integers(1, 6), VERSIONS), max_size=6))
def test_nothing_that_is_remembered_ever_goes_down(steps: List[Tuple[int, Dict[str, int]]]) -> None:
    """Catalogues in any order: serials and versions only grow, and a refusal changes nothing."""
    publisher = PEOPLE[0]
    data = chain_of([publisher])
    state = accept_chain(world.state_with_root(), data)
    serial, versions, seen = 0, dict.fromkeys(PACKS, 0), {}
    for number, packs in steps:
        listing = catalogue(publisher, number, packs, data)
        fits = number > serial or (number == serial and seen.get(number) == packs)
        try:
            verified = verify_catalogue(listing, state)
        except ContentError:
            assert not fits
            continue
        assert fits
        newer = {pack: version for pack, version in packs.items() if version >= versions[pack]}
        assert {one.pack: one.version for one in verified.entries} == newer
        state, serial = verified.state, number
        seen[number] = packs
        versions.update(newer)
        accepted = state.catalogues[publisher.public.key_id]
        assert accepted.serial == serial
        assert {**dict.fromkeys(PACKS, 0), **accepted.versions} == versions
