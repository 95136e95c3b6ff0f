from __future__ import annotations

from typing import Optional, Tuple

import pytest

from sync.journals.needs import DAY_MS, GRACE_MS, HORIZON_MS, SOME_DAY, is_due, needs
from sync.record import Record

NOW_MS = 1_800_000_000_000


def plan(*rows: Tuple[str, Optional[int]]) -> Record:
    body = {"class": "7А", "lessons": [["p", lesson, at] for lesson, at in rows]}
    return Record("device", 1, NOW_MS << 16, "teacher", "class-plan", body)


def assignment(lesson: str, due_ms: Optional[int]) -> Record:
    body = {"pack": "p", "lesson": lesson, "task": "t", "students": [], "due_ms": due_ms}
    return Record("device", 2, NOW_MS << 16, "teacher", "assignment", body)


def test_a_lesson_that_is_over_is_needed_no_more() -> None:
    over, just_now = NOW_MS - GRACE_MS - 1, NOW_MS - GRACE_MS
    assert set(needs([plan(("a", over), ("b", just_now))], NOW_MS)) == {("p", "b")}


def test_an_assignment_is_needed_until_it_is_due_and_at_once_without_a_date() -> None:
    records = [assignment("a", NOW_MS + DAY_MS), plan(("a", NOW_MS + 9 * DAY_MS))]
    assert needs(records, NOW_MS) == {("p", "a"): (NOW_MS + DAY_MS, 0)}
    assert needs([assignment("a", None)], NOW_MS)[("p", "a")] == (NOW_MS, 0)


@pytest.mark.parametrize(
    ("time_ms", "due"),
    [
        (NOW_MS - DAY_MS, True),
        (NOW_MS + HORIZON_MS, True),
        (NOW_MS + HORIZON_MS + 1, False),
        (SOME_DAY, True),
    ],
)
def test_what_the_plan_reaches_soon_is_due(time_ms: int, due: bool) -> None:
    assert is_due((time_ms, 0), NOW_MS) is due
    assert not is_due(None, NOW_MS)
