from __future__ import annotations

import pytest

from sync_server.http.buckets import MAX_NAMES, Buckets


class _Clock:
    def __init__(self):
        self.now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return _Clock()


def test_so_many_at_once_and_then_one_a_while(clock):
    buckets = Buckets(3, 0.5, clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]
    clock.now_s += 1.9
    assert buckets.take("a") == 1
    clock.now_s += 0.1
    assert buckets.take("a") == 0
    assert buckets.take("a") == 2


def test_a_wait_that_is_kept_is_enough(clock):
    buckets = Buckets(1, 0.3, clock)
    buckets.take("a")
    for _ in range(20):
        wait_s = buckets.take("a")
        assert wait_s > 0
        clock.now_s += wait_s
        assert buckets.take("a") == 0


def test_nobody_pays_for_another(clock):
    buckets = Buckets(1, 1, clock)
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    assert buckets.take("b") == 0


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing(clock):
    buckets = Buckets(2, 1, clock)
    buckets.take("a")
    clock.now_s -= 50
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_names_are_bounded_and_the_oldest_is_forgotten(clock):
    buckets = Buckets(1, 0.001, clock)
    buckets.take("first")
    for number in range(MAX_NAMES):
        buckets.take(f"name {number}")
    assert len(buckets) == MAX_NAMES
    assert buckets.known("first") is None
    assert buckets.take("name 5") > 0
