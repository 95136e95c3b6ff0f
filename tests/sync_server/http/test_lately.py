"""What was seen lately is forgotten in time, and never takes more room than it may."""

from __future__ import annotations

from sync_server.http.lately import Lately


class Seconds:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_name_lasts_as_long_as_it_may() -> None:
    seconds = Seconds()
    lately = Lately(60, 9, seconds)
    assert not lately.has("a")
    lately.add("a")
    seconds.now_s += 59.9
    assert lately.has("a") and not lately.has("b")
    seconds.now_s += 0.1
    assert not lately.has("a")


def test_no_more_than_the_most_are_remembered() -> None:
    lately = Lately(60, 3, Seconds())
    for name in "abcd":
        lately.add(name)
    assert [lately.has(name) for name in "abcd"] == [False, False, False, True]
    for _ in range(9):
        lately.add("e")
    assert lately.has("d"), "one name takes one place"
