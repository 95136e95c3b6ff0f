"""A school's time: its machine's clock, put right by what its upstream's signed answers say.

The PC in the staff room may wake up in 2003. Laptops take their time from it, so it takes its own
from above. Each answer is believed anew, also one that says less than the one before: a region
whose clock was wrong for a day harms that day only.
"""

from __future__ import annotations

import threading

from sync.clock import Clock, SystemClock, corrected_ms
from sync_server.store.protocol import Store

TIME = "upstream-time"
CLOSE_MS = 60_000
"""What a slow link makes of a right clock."""


class SchoolClock:
    """A clock over the machine's; threads may share it."""

    def __init__(self, store: Store, base: Clock = SystemClock()) -> None:  # noqa: B008 - no state
        self._store = store
        self._base = base
        self._turn = threading.Lock()
        with store.transaction() as transaction:
            known = (transaction.setting(TIME) or "0 0").split()
        self._floor_ms, self._offset_ms = int(known[0]), int(known[1])

    def now_ms(self) -> int:
        """Return the likeliest true time."""
        return corrected_ms(self._base.now_ms(), self._floor_ms, self._offset_ms)

    def machine_ms(self) -> int:
        """Return what the machine itself believes."""
        return self._base.now_ms()

    def reference_ms(self) -> int:
        """Return the upstream's last word on the time; 0 where there was none."""
        return self._floor_ms

    def refer(self, server_time_ms: int) -> None:
        """Learn the time from an answer that the upstream signed."""
        off_ms = server_time_ms - self._base.now_ms()
        with self._turn:
            self._offset_ms = 0 if abs(off_ms) < CLOSE_MS else off_ms
            self._floor_ms = server_time_ms - CLOSE_MS
            kept = f"{self._floor_ms} {self._offset_ms}"
            with self._store.transaction() as transaction:
                transaction.set_setting(TIME, kept)
