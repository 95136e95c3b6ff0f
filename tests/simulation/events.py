"""True time, one queue of what is to happen in it, and a log of what did, which can be compared."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from typing import Callable, List, Optional, TextIO, Tuple

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
MONDAY_MS = 1_788_134_400_000
"""Monday, 31 August 2026, 0:00 UTC: the term begins the day after."""

Act = Callable[[], None]


class Events:
    """A clock that shows true time, and what is to happen, in its order.

    The log is kept as a hash alone (and written to ``trace`` where one wants to read it): two runs
    with one seed must come to the same. Nothing that depends on keys drawn by the system may be
    noted, such as the size of a message.
    """

    def __init__(self, start_ms: int = MONDAY_MS, trace: Optional[TextIO] = None) -> None:
        self.time_ms = start_ms
        self.counts: Counter[str] = Counter()
        self._trace = trace
        self._digest = hashlib.sha256()
        self._queue: List[Tuple[int, int, Act]] = []
        self._added = 0

    def now_ms(self) -> int:
        """The true time; this is a ``sync.clock.Clock``."""
        return self.time_ms

    def after(self, delay_ms: int, act: Act) -> None:
        """Let something happen later; what is due at one moment happens in the order of asking."""
        self._added += 1
        heapq.heappush(self._queue, (self.time_ms + max(0, delay_ms), self._added, act))

    def at(self, time_ms: int, act: Act) -> None:
        self.after(time_ms - self.time_ms, act)

    def run_until(self, end_ms: int) -> None:
        """Let everything happen that is due before ``end_ms``."""
        while self._queue and self._queue[0][0] < end_ms:
            due_ms, _, act = heapq.heappop(self._queue)
            self.time_ms = max(self.time_ms, due_ms)
            act()
        self.time_ms = max(self.time_ms, end_ms)

    def note(self, what: str, *details: object) -> None:
        """Write down and count something that happened."""
        self.counts[what] += 1
        line = " ".join([str(self.time_ms), what, *map(str, details)])
        self._digest.update(line.encode("utf-8") + b"\n")
        if self._trace is not None:
            self._trace.write(line + "\n")

    @property
    def fingerprint(self) -> str:
        """The hash of all that was noted."""
        return self._digest.hexdigest()
