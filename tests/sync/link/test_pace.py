from __future__ import annotations

import threading

import pytest

from sync.link.pace import NO_PACE, TokenBucket


class Watch:
    """A watch that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now_s += seconds


def bucket(watch: Watch, rate: float, burst_bytes: int = 0) -> TokenBucket:
    return TokenBucket(rate, burst_bytes, monotonic=watch.monotonic, sleep=watch.sleep)


def test_no_pace_never_waits() -> None:
    NO_PACE.spend(1 << 40)


@pytest.mark.parametrize("chunk_bytes", [1, 1000, 16384, 100_000])
def test_the_rate_is_kept_whatever_the_chunks(chunk_bytes: int) -> None:
    watch = Watch()
    pace = bucket(watch, 32_000)
    for _ in range(50):
        pace.spend(chunk_bytes)
    assert watch.now_s - 100 == pytest.approx(50 * chunk_bytes / 32_000)


def test_a_burst_goes_at_once_and_is_not_saved_up_for_ever() -> None:
    watch = Watch()
    pace = bucket(watch, 1000, 4000)
    pace.spend(4000)
    assert watch.now_s == 100
    watch.now_s += 3600
    pace.spend(6000)
    assert watch.now_s == pytest.approx(3700 + 2)


def test_a_slow_link_is_not_made_slower() -> None:
    watch = Watch()
    pace = bucket(watch, 10_000)
    for _ in range(20):
        watch.now_s += 2  # the link brought 10,000 bytes in two seconds
        pace.spend(10_000)
    # The first bytes are paid for by waiting; what the link is slower is not.
    assert watch.now_s <= 100 + 20 * 2 + 20


def test_a_new_rate_counts_from_now_on() -> None:
    watch = Watch()
    pace = bucket(watch, 1000)
    pace.spend(1000)
    pace.rate_bytes_per_s = 2000
    assert pace.rate_bytes_per_s == 2000
    pace.spend(2000)
    assert watch.now_s == pytest.approx(102)


def test_a_raised_rate_is_felt_by_who_waits() -> None:
    watch = Watch()
    pace = bucket(watch, 1)

    def sleep(seconds: float) -> None:
        watch.now_s += seconds
        pace.rate_bytes_per_s = 1_000_000

    pace._sleep = sleep
    pace.spend(100_000)
    assert watch.now_s < 110


def test_a_watch_that_stands_or_goes_back_never_gives_more() -> None:
    watch = Watch()
    pace = bucket(watch, 1000)
    pace.spend(1000)
    watch.now_s -= 50
    before_s = watch.now_s
    pace.spend(1000)
    assert watch.now_s - before_s == pytest.approx(1)


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_is_more_than_nothing(rate: float) -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        TokenBucket(rate)
    pace = TokenBucket(1)
    with pytest.raises(ValueError, match="more than nothing"):
        pace.rate_bytes_per_s = rate


def test_threads_share_one_rate() -> None:
    watch = Watch()
    lock = threading.Lock()

    def sleep(seconds: float) -> None:
        with lock:
            watch.now_s += seconds

    pace = TokenBucket(1000, monotonic=watch.monotonic, sleep=sleep)

    def carry() -> None:
        for _ in range(20):
            pace.spend(100)

    threads = [threading.Thread(target=carry) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert watch.now_s - 100 >= 8.0 - 1e-6
