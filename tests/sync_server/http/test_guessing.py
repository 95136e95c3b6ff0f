from __future__ import annotations

import pytest

from sync_server.http.buckets import MAX_NAMES
from sync_server.http.guessing import ADDRESS_LIMIT, ALL_LIMIT, GuessLimit


class Seconds:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def limit(seconds):
    return GuessLimit(seconds)


def test_some_mistakes_are_free_and_then_an_address_waits(limit):
    for _ in range(ADDRESS_LIMIT):
        assert limit.wait_s("a") == 0
        limit.failed("a")
    assert 0 < limit.wait_s("a") <= 6
    assert limit.wait_s("b") == 0


def test_the_wait_is_as_long_as_it_says(limit, seconds):
    for _ in range(ADDRESS_LIMIT):
        limit.failed("a")
    seconds.now += limit.wait_s("a")
    assert limit.wait_s("a") == 0
    limit.failed("a")
    assert limit.wait_s("a") > 0


def test_many_addresses_together_are_slowed_but_no_newcomer_is(limit):
    for number in range(ALL_LIMIT):
        limit.failed(f"guesser {number}")
    assert limit.wait_s("guesser 1") > 0
    assert limit.wait_s("somebody else") == 0


def test_a_clock_that_goes_back_gives_nothing_away(limit, seconds):
    for _ in range(ADDRESS_LIMIT):
        limit.failed("a")
    seconds.now -= 1000
    assert limit.wait_s("a") > 0


def test_memory_is_bounded(limit):
    for number in range(MAX_NAMES + 50):
        limit.failed(str(number))
    assert len(limit._addresses) == MAX_NAMES
