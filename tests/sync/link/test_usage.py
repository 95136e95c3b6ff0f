from __future__ import annotations

import json
from datetime import date
from typing import List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.link.usage import KEPT_DAYS, Usage, month_of, usage_from

TODAY = date(2026, 11, 22).toordinal()
MS = 86_400_000


def word(day: int, minute: int = 0) -> Tuple[int, int]:
    """A server's word on a day: its time, and the day."""
    return day * MS + minute * 60_000, day


def test_days_and_months_are_counted_apart() -> None:
    usage = Usage().plus(TODAY, 10).plus(TODAY, 5).plus(TODAY + 1, 7)
    assert (usage.day_bytes(TODAY), usage.day_bytes(TODAY + 1)) == (7, 7)
    assert usage.day_bytes(TODAY + 2) == 0
    assert usage.month_bytes(TODAY + 2) == 22
    assert usage.month_bytes(date(2026, 12, 1).toordinal()) == 0


def test_the_months_of_a_turn_of_the_year() -> None:
    december, january = date(2026, 12, 31).toordinal(), date(2027, 1, 1).toordinal()
    assert month_of(january) - month_of(december) == 1


def test_a_clock_that_goes_back_finds_the_budget_used() -> None:
    usage = Usage().plus(TODAY, 50)
    for earlier in (TODAY - 1, TODAY - 30, date(2003, 1, 1).toordinal()):
        assert usage.day_bytes(earlier) == 50
        assert usage.month_bytes(earlier) == 50
        assert usage.plus(earlier, 1).day_bytes(earlier) == 51


def test_a_clock_that_was_in_2031_and_came_back_finds_todays_budget_used() -> None:
    ahead = date(2031, 5, 1).toordinal()
    usage = Usage().corrected(*word(TODAY)).plus(TODAY, 30)
    usage = usage.plus(ahead, 20)
    assert usage.day_bytes(TODAY) == 20, "nobody has said yet which day it is"
    usage = usage.corrected(*word(TODAY, 5))
    assert (usage.day_bytes(TODAY), usage.month_bytes(TODAY)) == (50, 50)
    # The true tomorrow is a new day again, and not five years away.
    assert usage.day_bytes(TODAY + 1) == 0


def test_the_servers_old_word_teaches_nothing() -> None:
    usage = Usage().corrected(*word(TODAY)).plus(TODAY + 1, 5)
    assert usage.corrected(*word(TODAY)) == usage
    assert usage.corrected(*word(TODAY - 3)) == usage


def test_a_week_without_the_server_is_counted_day_by_day() -> None:
    usage = Usage().corrected(*word(TODAY))
    for day in range(TODAY, TODAY + 7):
        assert usage.day_bytes(day) == 0
        usage = usage.plus(day, 5)
    usage = usage.corrected(*word(TODAY + 6, 9))
    assert usage.day_bytes(TODAY + 6) == 5
    assert sum(usage.days.values()) == 35


def test_only_few_days_are_kept() -> None:
    usage = Usage()
    for day in range(400):
        usage = usage.plus(TODAY + day, 1)
    assert len(usage.days) == KEPT_DAYS
    assert len(usage.months) <= 3
    assert len(json.dumps(usage.as_json())) < 400


def test_it_survives_being_kept() -> None:
    usage = Usage().corrected(*word(TODAY)).plus(TODAY, 5).plus(TODAY + 1, 6)
    assert usage_from(json.loads(json.dumps(usage.as_json()))) == usage


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"days": 3},
        {"days": {"x": 1}, "months": {}, "reference_ms": 1},
        {"days": {"99999999999": 1}, "months": {}, "reference_ms": 1},
    ],
)
def test_what_is_not_a_count_counts_as_nothing_used(value: object) -> None:
    assert usage_from(value) == Usage()


# A day by the machine's clock, bytes, and how many days passed in truth; the server may speak.
steps = st.lists(
    st.tuples(st.integers(-2000, 2000), st.integers(0, 40), st.integers(0, 1), st.booleans()),
    max_size=40,
)


@given(steps)
def test_no_turn_of_a_clock_gives_a_budget_twice(
    taken: List[Tuple[int, int, int, bool]],
) -> None:
    """Between two words of the server that fall on one day, that day's budget is given once.

    Each turn forward may open a new day; the next word takes it away again.
    """
    usage, true_day, minute = Usage().corrected(*word(TODAY)), TODAY, 0
    spent = 0
    for clock_days, size_bytes, passed_days, speaks in taken:
        minute += 1
        if passed_days:
            true_day, spent, minute = true_day + 1, 0, 0
            usage = usage.corrected(*word(true_day, minute))
            minute += 1
        machine_day = max(true_day + clock_days, usage.reference_ms // MS)
        usage = usage.plus(machine_day, size_bytes)
        spent += size_bytes
        if speaks:
            usage = usage.corrected(*word(true_day, minute))
            assert usage.day_bytes(true_day) >= spent
