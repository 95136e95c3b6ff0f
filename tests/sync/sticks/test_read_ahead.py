"""Reading ahead: everything comes in order, errors too, and nothing is left running."""

from __future__ import annotations

import threading
from typing import Iterator, List

import pytest

from sync.sticks.read_ahead import DEPTH, read_ahead


def _names() -> List[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "read-ahead"]


@pytest.mark.parametrize("on_thread", [True, False])
def test_all_comes_in_order(on_thread: bool) -> None:
    blocks = [bytes([index]) * index for index in range(50)]
    assert list(read_ahead(iter(blocks), on_thread)) == blocks
    assert _names() == []


@pytest.mark.parametrize("on_thread", [True, False])
def test_an_error_comes_after_what_was_before_it(on_thread: bool) -> None:
    def failing() -> Iterator[bytes]:
        yield b"one"
        raise OSError("worn")

    ahead = read_ahead(failing(), on_thread)
    assert next(ahead) == b"one"
    with pytest.raises(OSError, match="worn"):
        next(ahead)
    assert _names() == []


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_who_stops_early_leaves_nothing_running_and_nothing_open(taken: int) -> None:
    closed = threading.Event()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield bytes(10)
        finally:
            closed.set()

    ahead = read_ahead(endless())
    for _ in range(taken):
        next(ahead)
    ahead.close()
    assert _names() == []
    assert closed.is_set() == bool(taken)


def test_no_more_is_read_than_may_wait() -> None:
    read = []

    def counted() -> Iterator[bytes]:
        for index in range(100):
            read.append(index)
            yield b"x"

    ahead = read_ahead(counted())
    next(ahead)
    # Those that wait, the one that was given, and the one that waits to be put.
    for _ in range(1000):
        assert len(read) <= DEPTH + 3
    ahead.close()
