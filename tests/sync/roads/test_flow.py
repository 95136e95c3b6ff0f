from __future__ import annotations

from typing import Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.roads.flow import (
    AHEAD_S,
    LARGEST_AHEAD_BYTES,
    LARGEST_WINDOW_BYTES,
    QUEUE_S,
    SMALLEST_AHEAD_BYTES,
    SMALLEST_WINDOW_BYTES,
    Flow,
)
from tests.support.examples import examples


class Time:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def steady(rate_bytes_per_s: float, trip_s: float, duration_s: float = 20.0) -> Flow:
    """A flow that saw bytes come at one rate."""
    time, flow = Time(), None
    flow = Flow(time)
    flow.connected(trip_s)
    flow.answered(trip_s)
    with flow.transfer():
        for _ in range(int(duration_s / 0.1)):
            time.now_s += 0.1
            flow.heard(int(rate_bytes_per_s * 0.1))
    return flow


def test_nothing_is_claimed_of_a_link_that_was_not_used() -> None:
    flow = Flow(Time())
    assert flow.window_bytes() is None
    assert flow.ahead_bytes() == SMALLEST_AHEAD_BYTES


def test_a_slow_link_gets_a_window_of_its_round_trip_and_a_short_queue() -> None:
    flow = steady(32_000, 0.6)
    assert flow.rate_bytes_per_s == pytest.approx(32_000, rel=0.1)
    assert flow.window_bytes() == pytest.approx(32_000 * (0.6 + QUEUE_S), rel=0.1)


def test_a_fast_link_is_left_to_the_system() -> None:
    assert steady(10_000_000, 0.001).window_bytes() is None


def test_the_next_request_is_made_in_time_on_any_link() -> None:
    assert steady(125_000, 0.3).ahead_bytes() == pytest.approx(125_000 * AHEAD_S, rel=0.1)
    assert steady(1_000, 1.0, 60).ahead_bytes() == SMALLEST_AHEAD_BYTES
    assert steady(10_000_000, 0.01).ahead_bytes() == LARGEST_AHEAD_BYTES


def test_transfers_at_the_same_time_share_the_window() -> None:
    flow = steady(50_000, 0.6)
    alone = flow.window_bytes()
    assert alone
    with flow.transfer(), flow.transfer():
        assert flow.window_bytes() == alone // 2


def test_a_connection_that_still_comes_up_to_speed_is_not_held_back() -> None:
    time, windows = Time(), []
    flow = Flow(time)
    flow.connected(0.3)
    with flow.transfer():
        for rate in (5_000, 10_000, 20_000, 40_000, 40_000, 40_000, 40_000):
            for _ in range(31):
                time.now_s += 0.1
                flow.heard(rate // 10)
            windows.append(flow.window_bytes())
    assert windows[:4] == [None] * 4
    assert windows[-1] == pytest.approx(40_000 * (0.3 + QUEUE_S), rel=0.1)


def test_small_objects_tell_nothing_of_a_rate() -> None:
    time = Time()
    flow = Flow(time)
    for _ in range(100):
        with flow.transfer(1000):
            time.now_s += 0.3
            flow.heard(1000)
    assert flow.rate_bytes_per_s is None


def test_what_waited_in_the_kernel_while_nobody_read_is_no_rate() -> None:
    time = Time()
    flow = Flow(time)
    flow.connected(0.1)
    with flow.transfer():
        for _ in range(100):
            time.now_s += 0.1
            flow.heard(1000)
        time.now_s += 5.0
        flow.heard(500_000)
        for _ in range(10):
            time.now_s += 0.1
            flow.heard(1000)
    assert flow.rate_bytes_per_s == pytest.approx(10_000, rel=0.1)


def test_a_link_that_becomes_slower_is_noticed() -> None:
    time = Time()
    flow = Flow(time)
    with flow.transfer():
        for rate in (100_000, 5_000):
            for _ in range(200):
                time.now_s += 0.1
                flow.heard(rate // 10)
    assert flow.rate_bytes_per_s == pytest.approx(5_000, rel=0.1)


@settings(max_examples=examples(100))
@given(
    st.lists(
        st.tuples(st.sampled_from("cah"), st.floats(0, 30), st.integers(0, 1 << 22)), max_size=60
    )
)
def test_windows_stay_within_their_bounds(events: list) -> None:
    time = Time()
    flow = Flow(time)
    with flow.transfer():
        for kind, duration_s, size_bytes in events:
            time.now_s += duration_s
            if kind == "h":
                flow.heard(size_bytes)
            else:
                (flow.connected if kind == "c" else flow.answered)(duration_s)
            window: Optional[int] = flow.window_bytes()
            assert window is None or SMALLEST_WINDOW_BYTES <= window <= LARGEST_WINDOW_BYTES
            assert SMALLEST_AHEAD_BYTES <= flow.ahead_bytes() <= LARGEST_AHEAD_BYTES
