"""Work goes first: while an exchange is on its way, downloads stop reading.

What is not read closes TCP's window, so that the link is the exchange's after what was on its way
already has come.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Iterator

from sync.link.pace import NO_PACE, Pace

LONGEST_WAIT_S = 10.0
"""An exchange that takes longer is on a link that stands still: waiting would not help it."""


class RightOfWay:
    """Shared by what sends work and what carries objects, whichever threads they are on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._exchanges = 0

    @contextlib.contextmanager
    def first(self) -> Iterator[None]:
        """Go first while the block lasts."""
        with self._changed:
            self._exchanges += 1
        try:
            yield
        finally:
            with self._changed:
                self._exchanges -= 1
                self._changed.notify_all()

    def give_way(self, timeout_s: float = LONGEST_WAIT_S) -> None:
        """Wait while somebody goes first."""
        with self._changed:
            self._changed.wait_for(lambda: not self._exchanges, timeout_s)


class GivingWay:
    """A pace that lets work go first, and then goes at another pace."""

    def __init__(self, right_of_way: RightOfWay, then: Pace = NO_PACE) -> None:
        self._right_of_way = right_of_way
        self._then = then

    def spend(self, size_bytes: int) -> None:
        """Wait while work is on its way; raises what the other pace raises."""
        self._then.spend(size_bytes)
        self._right_of_way.give_way()
