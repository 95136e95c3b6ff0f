"""Limits against plain sets: what a chain of them allows is what each of them allows."""

from __future__ import annotations

from typing import List, Optional, Set, Tuple

from hypothesis import given
from hypothesis import strategies as st

from content.fields import Fields
from content.limits import UNLIMITED, Limits, covers, read_limits

PACKS = ("a", "a-1", "a-12", "a-2", "ab", "b", "b-1")
PATTERNS = (*PACKS, "a*", "a-*", "a-1*", "b*", "b-*")


def some(values: Tuple[str, ...]) -> st.SearchStrategy[Optional[Tuple[str, ...]]]:
    return st.none() | st.lists(st.sampled_from(values), unique=True).map(tuple)


LIMITS = st.builds(
    Limits,
    subjects=some(("algebra", "history", "физика")),
    schools=some(("s1", "s2", "s3")),
    packs=some(PATTERNS),
    versions=st.none() | st.integers(0, 3),
)


def allowed_packs(limits: Limits) -> Set[str]:
    if limits.packs is None:
        return set(PACKS)
    return {pack for pack in PACKS if any(covers(one, pack) for one in limits.packs)}


@given(st.lists(LIMITS, min_size=1, max_size=4))
def test_a_chain_allows_what_each_of_its_limits_allows(chain: List[Limits]) -> None:
    effective = UNLIMITED
    for one in chain:
        if effective.wider(one):
            return
        effective = effective.narrowed(one)
    packs = set(PACKS).intersection(*(allowed_packs(one) for one in chain))
    assert allowed_packs(effective) == packs
    for subject in ("algebra", "history", "физика", ""):
        assert effective.allows_subject(subject) == all(
            one.subjects is None or subject in one.subjects for one in chain
        )
    for school in ("s1", "s2", "s3"):
        assert effective.allows_school(school) == all(
            one.schools is None or school in one.schools for one in chain
        )
    numbers = [one.versions for one in chain if one.versions is not None]
    assert effective.versions == (min(numbers) if numbers else None)


@given(LIMITS, LIMITS)
def test_wider_is_what_sets_say(above: Limits, below: Limits) -> None:
    word = above.wider(below)
    if not word:
        effective = above.narrowed(below)
        assert allowed_packs(effective) <= allowed_packs(above)
        assert (
            effective.versions is None
            or above.versions is None
            or (effective.versions <= above.versions)
        )
    elif word == "subjects":
        assert set(below.subjects or ()) - set(above.subjects or ())
    elif word == "packs":
        assert not all(above.allows_pack(one) for one in below.packs or ())


@given(LIMITS)
def test_limits_are_read_as_they_were_written(limits: Limits) -> None:
    assert read_limits(Fields(limits.as_values(), "x")) == limits


def test_beginnings_and_names() -> None:
    assert covers("a-*", "a-1")
    assert covers("a-*", "a-1*")
    assert covers("a-*", "a-*")
    assert not covers("a-*", "a*")
    assert not covers("a-1", "a-12")
    assert not covers("a-1", "a-1*")
    assert not Limits(packs=()).allows_pack("a")
