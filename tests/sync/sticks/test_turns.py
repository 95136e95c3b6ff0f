"""Whoever finds a stick in use waits for it, as long as is reasonable."""

from __future__ import annotations

import contextlib
from typing import Iterator, List

import pytest

from sync.errors import CancelledError, StickError
from sync.lock import Busy
from sync.sticks import turns
from sync.sticks.turns import patiently, turn_at
from tests.support.stick_volume import MemoryVolume

TOO_LONG = StickError("stick-busy")


class Lock:
    """Held by somebody else for so many tries."""

    def __init__(self, tries: int, error: Exception) -> None:
        self.tries, self.error = tries, error
        self.said: List[str] = []

    @contextlib.contextmanager
    def __call__(self) -> Iterator[None]:
        if self.tries:
            self.tries -= 1
            raise self.error
        self.said.append("held")
        yield
        self.said.append("released")


@pytest.mark.parametrize("error", [Busy(), StickError("stick-busy")])
def test_who_waits_gets_it(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns.time, "sleep", lambda _: None)
    lock = Lock(3, error)
    with patiently(lock, TOO_LONG, lambda: False):
        assert lock.said == ["held"]
    assert lock.said == ["held", "released"]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.0)
    with pytest.raises(StickError) as caught, patiently(Lock(9, Busy()), TOO_LONG, lambda: False):
        pass
    assert caught.value is TOO_LONG


def test_who_gives_up_waits_no_longer() -> None:
    with pytest.raises(CancelledError), patiently(Lock(9, Busy()), TOO_LONG, lambda: True):
        pass


def test_a_stick_that_is_gone_is_not_waited_for() -> None:
    lock = Lock(9, StickError("stick-gone"))
    with pytest.raises(StickError) as caught, patiently(lock, TOO_LONG, lambda: False):
        pass
    assert (caught.value.code, lock.tries) == ("stick-gone", 8)


def test_a_stick_is_held_for_the_block() -> None:
    volume = MemoryVolume()
    with turn_at(volume, lambda: False), pytest.raises(StickError) as caught, volume.held():
        pass
    assert caught.value.code == "stick-busy"
    with volume.held():
        pass
