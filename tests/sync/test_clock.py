from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.clock import (
    MAX_AHEAD_MS,
    MAX_AWAY_MS,
    HybridClock,
    SystemClock,
    bounded_time,
    corrected_ms,
    hybrid_time,
    milliseconds,
)
from tests.support.clock import IN_2003_MS, IN_2031_MS, NOW_MS, YEAR_MS, TurnableClock

times = st.integers(0, 4 * NOW_MS)


@given(st.lists(st.tuples(times, times, st.booleans()), max_size=30))
def test_ticks_grow_whatever_the_wall_clock_does(steps: list[tuple[int, int, bool]]) -> None:
    wall = TurnableClock()
    clock = HybridClock(wall)
    last = 0
    for time_ms, other_ms, refers in steps:
        wall.time_ms = time_ms
        clock.refer(other_ms) if refers else clock.witness(hybrid_time(other_ms))
        tick = clock.tick()
        assert tick > last
        last = tick


def test_what_is_done_after_reading_comes_after_what_was_read() -> None:
    clock = HybridClock(TurnableClock(NOW_MS))
    read = hybrid_time(NOW_MS + 5000, 7)
    clock.witness(read)
    assert clock.tick() == read + 1


def test_a_clock_in_2031_drags_nobody_along() -> None:
    clock = HybridClock(TurnableClock(NOW_MS))
    clock.witness(hybrid_time(IN_2031_MS))
    assert milliseconds(clock.tick()) == NOW_MS


def test_a_server_passes_wild_times_on_as_its_own() -> None:
    assert bounded_time(hybrid_time(IN_2031_MS, 9), NOW_MS) == hybrid_time(NOW_MS)
    near = hybrid_time(NOW_MS + MAX_AHEAD_MS, 9)
    assert bounded_time(near, NOW_MS) == near
    assert bounded_time(hybrid_time(IN_2003_MS), NOW_MS) == hybrid_time(IN_2003_MS)


def test_a_clock_in_2003_is_read_as_the_server_taught() -> None:
    wall = TurnableClock(IN_2003_MS)
    clock = HybridClock(wall)
    clock.refer(NOW_MS)
    wall.time_ms += 60_000
    assert clock.now_ms() == NOW_MS + 60_000
    wall.time_ms = NOW_MS + 120_000
    assert clock.now_ms() == NOW_MS + 120_000, "somebody put the clock right"


def test_a_clock_in_2031_is_read_as_the_server_taught() -> None:
    wall = TurnableClock(IN_2031_MS)
    clock = HybridClock(wall)
    clock.refer(NOW_MS)
    wall.time_ms += 60_000
    assert clock.now_ms() == NOW_MS + 60_000
    wall.time_ms = NOW_MS + 120_000
    assert clock.now_ms() == NOW_MS + 120_000


def test_a_clock_that_jumps_years_ahead_is_not_believed() -> None:
    wall = TurnableClock(NOW_MS)
    clock = HybridClock(wall)
    clock.refer(NOW_MS)
    wall.time_ms = IN_2031_MS
    assert milliseconds(clock.tick()) == NOW_MS
    wall.time_ms = NOW_MS + YEAR_MS
    assert milliseconds(clock.tick()) == NOW_MS + YEAR_MS, "somebody was away for a year"


def test_what_a_clock_in_2003_taught_does_not_send_another_wrong_one_ahead() -> None:
    wall = TurnableClock(IN_2003_MS)
    clock = HybridClock(wall)
    clock.refer(NOW_MS)
    wall.time_ms = NOW_MS - YEAR_MS
    assert milliseconds(clock.tick()) == NOW_MS


@given(times, times, st.integers(-2 * NOW_MS, 2 * NOW_MS))
def test_time_never_lies_before_the_server_s_last(now: int, floor: int, offset: int) -> None:
    assert corrected_ms(now, floor, offset) >= floor


def test_an_older_answer_does_not_turn_the_reference_back() -> None:
    clock = HybridClock(TurnableClock(NOW_MS))
    clock.refer(NOW_MS + YEAR_MS)
    clock.refer(NOW_MS)
    assert clock.floor_ms == NOW_MS + YEAR_MS


DAY_MS = 24 * 3600 * 1000


def test_an_answer_of_days_ago_does_not_put_a_right_clock_back() -> None:
    clock = HybridClock(TurnableClock(NOW_MS))
    clock.refer_aged(NOW_MS - 3 * DAY_MS)
    assert (clock.now_ms(), clock.floor_ms) == (NOW_MS, NOW_MS - 3 * DAY_MS)


@pytest.mark.parametrize("wrong_ms", [IN_2003_MS, IN_2031_MS])
def test_a_wrong_clock_learns_from_an_answer_of_days_ago_that_it_is_later(wrong_ms: int) -> None:
    wall = TurnableClock(wrong_ms)
    clock = HybridClock(wall)
    clock.refer_aged(NOW_MS - 3 * DAY_MS)
    wall.time_ms += 60_000
    assert clock.now_ms() == NOW_MS - 3 * DAY_MS + 60_000
    clock.refer_aged(NOW_MS - 2 * DAY_MS)
    assert clock.now_ms() == NOW_MS - 2 * DAY_MS
    clock.refer_aged(NOW_MS - 3 * DAY_MS)
    assert clock.now_ms() == NOW_MS - 2 * DAY_MS
    wall.time_ms = NOW_MS
    assert clock.now_ms() == NOW_MS, "somebody put the clock right"


def test_what_an_exchange_taught_of_a_wrong_clock_stays() -> None:
    wall = TurnableClock(IN_2003_MS)
    clock = HybridClock(wall)
    clock.refer(NOW_MS)
    wall.time_ms += 5 * DAY_MS
    clock.refer_aged(NOW_MS + 2 * DAY_MS)
    assert clock.now_ms() == NOW_MS + 5 * DAY_MS


@given(times, times, times)
def test_an_aged_answer_never_puts_time_back(now: int, first: int, second: int) -> None:
    clock = HybridClock(TurnableClock(now))
    clock.refer_aged(first)
    before = clock.now_ms()
    clock.refer_aged(second)
    assert clock.now_ms() >= second
    assert clock.now_ms() >= before or before > second + MAX_AWAY_MS


def test_the_system_clock_shows_this_century() -> None:
    assert SystemClock().now_ms() > IN_2003_MS
