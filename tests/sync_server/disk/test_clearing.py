from __future__ import annotations

from pathlib import Path
from typing import Dict, List

from hypothesis import given
from hypothesis import strategies as st

from sync.journals.needs import HORIZON_MS, SOME_DAY, LessonKey, Need
from sync_server.disk.clearing import Holding, plan_clearing

NOW_MS = 1_700_000_000_000
LESSONS: List[LessonKey] = [("p", name) for name in "abcd"]


def held(
    name: str, size: int = 10, came: float = 1.0, lesson: int = 0, *, superseded: bool = False
) -> Holding:
    return Holding(Path(name), size, came, (LESSONS[lesson],), superseded)


def names(going: List[Holding]) -> List[str]:
    return [str(one.place) for one in going]


def test_what_nobody_needs_goes_first_and_the_oldest_of_it() -> None:
    here = [
        held("needed", lesson=0),
        held("newer", came=3),
        held("older", came=2, lesson=1),
        held("large", size=30, came=3, lesson=1),
        held("superseded", came=9, lesson=1, superseded=True),
    ]
    needed: Dict[LessonKey, Need] = {LESSONS[0]: (NOW_MS, 0)}
    # Both of the first lesson's files are needed.
    assert names(plan_clearing(here, 1000, needed, NOW_MS)) == [
        "superseded",
        "older",
        "large",
        "needed",
        "newer",
    ]
    assert names(plan_clearing(here, 11, needed, NOW_MS)) == ["superseded", "older"]
    assert names(plan_clearing(here, 1000, needed, NOW_MS, spare_due=True)) == [
        "superseded",
        "older",
        "large",
    ]
    assert plan_clearing(here, 0, needed, NOW_MS) == []


def test_of_what_is_needed_the_latest_goes_first() -> None:
    here = [held(str(at), lesson=at) for at in range(4)]
    needed: Dict[LessonKey, Need] = {
        LESSONS[0]: (NOW_MS, 0),
        LESSONS[1]: (SOME_DAY, 1),
        LESSONS[2]: (NOW_MS + 1000, 0),
        LESSONS[3]: (NOW_MS + HORIZON_MS + 1, 0),
    }
    assert names(plan_clearing(here, 1000, needed, NOW_MS)) == ["3", "1", "2", "0"]


def test_a_file_of_two_lessons_is_as_needed_as_either() -> None:
    both = Holding(Path("both"), 10, 1.0, (LESSONS[0], LESSONS[1]))
    needed: Dict[LessonKey, Need] = {LESSONS[1]: (NOW_MS, 0)}
    assert names(plan_clearing([both, held("x")], 1, needed, NOW_MS)) == ["x"]


@given(
    st.lists(
        st.builds(
            lambda at, size, came, lesson, old: held(str(at), size, came, lesson, superseded=old),
            st.integers(0, 10**6),
            st.integers(1, 1000),
            st.floats(0, 9),
            st.integers(0, 3),
            st.booleans(),
        ),
        max_size=12,
        unique_by=lambda one: one.place,
    ),
    st.integers(0, 5000),
    st.dictionaries(st.sampled_from(LESSONS), st.tuples(st.just(NOW_MS), st.just(0))),
    st.booleans(),
)
def test_enough_goes_and_nothing_more(
    here: List[Holding], wanted: int, needed: Dict[LessonKey, Need], spare: bool
) -> None:
    going = plan_clearing(here, wanted, needed, NOW_MS, spare_due=spare)
    freed = sum(one.size_bytes for one in going)
    due = [one for one in here if one.lessons[0] in needed and not one.superseded]
    may = [one for one in here if not (spare and one in due)]
    assert freed >= min(wanted, sum(one.size_bytes for one in may))
    assert not going or freed - going[-1].size_bytes < wanted
    if set(due) & set(going):
        assert not spare
        assert {one for one in here if one not in due} <= set(going)
