"""A clock that a test turns."""

from __future__ import annotations

from dataclasses import dataclass

YEAR_MS = 365 * 24 * 3600 * 1000
NOW_MS = 1_788_000_000_000
IN_2003_MS = 1_050_000_000_000
IN_2031_MS = 1_930_000_000_000


@dataclass
class TurnableClock:
    """Shows what it was set to, and goes on by ``step_ms`` each time it is read."""

    time_ms: int = NOW_MS
    step_ms: int = 0

    def now_ms(self) -> int:
        self.time_ms += self.step_ms
        return self.time_ms
