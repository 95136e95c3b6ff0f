from __future__ import annotations

import random
from collections import Counter
from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.link import backoff
from sync.link.backoff import BASE_S, CAP_S, LEAST_S, SOON_S, SOON_SPREAD_S, Timetable, backoff_s

draws = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("failures", "ceiling_s"),
    [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 900), (7, 900), (10_000, 900)],
)
def test_the_ceiling_doubles_up_to_the_cap(failures: int, ceiling_s: float) -> None:
    assert backoff_s(failures, lambda: 0.0) == LEAST_S
    assert backoff_s(failures, lambda: 1.0) == pytest.approx(ceiling_s)


@given(st.integers(0, 1 << 70), draws)
def test_no_wait_is_shorter_than_the_least_or_longer_than_the_cap(
    failures: int, draw: float
) -> None:
    assert LEAST_S <= backoff_s(failures, lambda: draw) <= CAP_S


def test_a_thousand_laptops_after_an_outage_do_not_come_at_once() -> None:
    """They lost the server in the same second and it is away for an hour."""
    source = random.Random(7)
    back_at_s, arrivals = 3600.0, []
    for _ in range(1000):
        table, now_s = Timetable(), 0.0
        while now_s < back_at_s:
            table = table.failed(now_s, source.random)
            now_s = table.next_s
        arrivals.append(now_s - back_at_s)
    busiest = max(Counter(int(at_s) for at_s in arrivals).values())
    # Evenly over a quarter of an hour it would be 1.1 a second.
    assert busiest <= 10
    assert max(arrivals) <= CAP_S
    # Nobody is forgotten, and half of them are back within a third of the cap.
    assert sorted(arrivals)[500] < CAP_S / 2


def test_laptops_sent_away_with_one_time_come_back_spread_and_never_early() -> None:
    source = random.Random(7)
    dues = [Timetable().failed(0.0, source.random, 120.0).next_s for _ in range(1000)]
    assert min(dues) >= 120 + LEAST_S
    assert max(Counter(int(due_s) for due_s in dues).values()) < 30


def test_a_class_that_is_switched_on_together_is_spread() -> None:
    source = random.Random(7)
    firsts = [Timetable().begun(50.0, source.random, 4.0).next_s for _ in range(100)]
    assert all(54 <= first_s < 58 for first_s in firsts)
    assert len({round(first_s, 1) for first_s in firsts}) > 20


def test_success_forgets_failures_and_comes_back_usually() -> None:
    table = Timetable().failed(0, lambda: 0.5).failed(9, lambda: 0.5, 600.0)
    assert table.failures == 2
    table = table.succeeded(700, lambda: 0.5)
    assert table == Timetable(700 + backoff.USUAL_S)


def test_work_is_sent_soon_when_there_is_a_link() -> None:
    table = Timetable().succeeded(0, lambda: 0.5).with_work(100, lambda: 0.5)
    assert table.next_s == 100 + SOON_S + SOON_SPREAD_S / 2


def test_work_never_puts_a_try_off() -> None:
    table = Timetable(next_s=100.5).with_work(100, lambda: 0.9)
    assert table.next_s == 100.5


@given(st.integers(1, 12), st.floats(0, 5000), st.lists(draws, min_size=1, max_size=20))
def test_work_during_an_outage_keeps_to_the_backoff_and_to_the_servers_wish(
    failures: int, retry_after_s: float, drawn: List[float]
) -> None:
    table = Timetable(failures=failures - 1).failed(1000, lambda: 0.99, retry_after_s)
    before_s = table.next_s
    for number, draw in enumerate(drawn):
        now_s = 1000 + number * 0.1
        table = table.with_work(now_s, lambda draw=draw: draw)  # type: ignore[misc]
        assert table.next_s <= before_s
        assert table.next_s >= min(before_s, 1000 + max(LEAST_S, retry_after_s))
        assert table.failures == failures
        before_s = table.next_s


def test_a_wait_that_is_over_is_nothing() -> None:
    assert Timetable(next_s=10).wait_s(25) == 0
    assert Timetable(next_s=10).wait_s(4) == 6


def test_the_first_failure_waits_at_most_the_base() -> None:
    assert Timetable().failed(0, lambda: 0.999999).next_s <= BASE_S
