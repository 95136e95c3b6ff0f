"""Calls beside, and flushing beside writing: one at a time, errors told, none left running."""

from __future__ import annotations

import threading

import pytest

from sync.errors import StickError
from sync.sticks.aside import FLUSH_BYTES, Aside, Flushing


def test_it_flushes_once_for_so_many_bytes_and_ends_before_the_file_does() -> None:
    flushed = []
    with Flushing(lambda: flushed.append(threading.current_thread().name)) as flushing:
        for _ in range(9):
            flushing.wrote(FLUSH_BYTES // 4)
    assert flushed == ["aside"] * 2
    assert "aside" not in [thread.name for thread in threading.enumerate()]


def test_writing_goes_on_while_it_flushes_but_never_two_flushes_ahead() -> None:
    may_end, going = threading.Event(), threading.Semaphore(0)

    def slow() -> None:
        going.release()
        may_end.wait(60)

    with Flushing(slow) as flushing:
        flushing.wrote(FLUSH_BYTES)
        assert going.acquire(timeout=60)
        flushing.wrote(FLUSH_BYTES - 1)
        may_end.set()
        flushing.wrote(1)
        assert going.acquire(timeout=60)


def _full() -> None:
    raise StickError("stick-full")


def test_what_a_flush_raises_ends_the_writing() -> None:
    with pytest.raises(StickError) as caught, Flushing(_full) as flushing:
        flushing.wrote(FLUSH_BYTES)
    assert caught.value.code == "stick-full"
    with pytest.raises(StickError), Flushing(_full) as flushing:
        flushing.wrote(FLUSH_BYTES)
        flushing.wrote(FLUSH_BYTES)
        pytest.fail("the second write was let go on")


def test_what_ends_the_writing_is_told_before_what_the_flush_raised() -> None:
    with pytest.raises(ValueError, match="the source"), Flushing(_full) as flushing:
        flushing.wrote(FLUSH_BYTES)
        raise ValueError("the source")


def test_calls_run_one_after_the_other_and_have_ended_at_the_end() -> None:
    ran = []
    with Aside() as aside:
        for number in range(5):
            aside.start(lambda number=number: ran.append(number))  # type: ignore[misc]
    assert ran == list(range(5))


def test_a_failed_call_is_told_once_and_the_next_one_does_not_run() -> None:
    ran = []
    aside = Aside()
    aside.start(_full)
    with pytest.raises(StickError):
        aside.start(lambda: ran.append(1))
    aside.wait()
    assert ran == []
