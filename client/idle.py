"""Noticing that nobody has touched the laptop for a while. Imports no kivy.

Both clocks are asked: the monotonic one stands still while a lid is closed, the one on the wall may
be wrong. Whichever says that more time has gone by counts, for locking too early costs little.
"""

from __future__ import annotations

import time
from typing import Callable, Optional

LOOK_S = 5.0
"""How often it is looked: the lock falls at most so much later than was chosen."""


class Idle:
    """Calls ``gone`` once nobody has stirred for as long as was said.

    Args:
        schedule: calls a function after so many seconds on the window's thread and returns a
            function that cancels it.
        gone: what to do then.
        busy: whether something goes on that one watches without touching anything.
        monotonic: seconds of a clock that never jumps.
        wall: seconds of the clock on the wall.
    """

    def __init__(
        self,
        schedule: Callable[[float, Callable[[], None]], Callable[[], None]],
        gone: Callable[[], None],
        busy: Callable[[], bool],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._schedule, self._gone, self.busy = schedule, gone, busy
        self._monotonic, self._wall = monotonic, wall
        self._limit_s = 0.0
        self._cancel: Optional[Callable[[], None]] = None
        self.stir()

    @property
    def watching(self) -> bool:
        """Whether it is waited for somebody to be gone."""
        return self._cancel is not None

    def begin(self, limit_s: float) -> None:
        """Wait for somebody who sits down now to be idle for so long."""
        self.stop()
        self._limit_s = limit_s
        self.stir()
        self._cancel = self._schedule(LOOK_S, self._look)

    def stop(self) -> None:
        """Wait no more."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = None

    def stir(self) -> None:
        """Note that somebody is there."""
        self._stirred_s, self._stirred_wall_s = self._monotonic(), self._wall()

    def idle_s(self) -> float:
        """Return how long nobody has stirred."""
        return max(self._monotonic() - self._stirred_s, self._wall() - self._stirred_wall_s)

    def _look(self) -> None:
        self._cancel = None
        if self.busy():
            self.stir()
        if self.idle_s() >= self._limit_s:
            self._gone()
        else:
            self._cancel = self._schedule(LOOK_S, self._look)
