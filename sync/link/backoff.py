"""When to try again, so that eighty laptops do not come back at once.

After failures the wait is drawn from all of ``0 .. min(cap, base * 2 ** failures)``: "full jitter"
(Brooker, "Exponential backoff and jitter", 2015), which spreads many clients better than any wait
with a fixed part. A wish of the server (Retry-After, RFC 9110, section 10.2.3) is a floor under it
and is spread too. Times are seconds of a monotonic clock: a wall clock that jumps moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

BASE_S = 30.0
CAP_S = 900.0
LEAST_S = 4.0
"""Also the luckiest draw leaves the link alone for so long."""
USUAL_S = 300.0
USUAL_SPREAD = 0.2
SOON_S = 1.0
SOON_SPREAD_S = 2.0
_MAX_DOUBLINGS = 16

Draw = Callable[[], float]
"""Gives a number from 0 up to 1, like ``random.random``."""


def backoff_s(failures: int, draw: Draw, *, base_s: float = BASE_S, cap_s: float = CAP_S) -> float:
    """Return how many seconds to wait after so many ``failures`` in a row (from 1)."""
    ceiling_s = min(cap_s, base_s * 2.0 ** min(max(0, failures - 1), _MAX_DOUBLINGS))
    return LEAST_S + draw() * max(0.0, ceiling_s - LEAST_S)


@dataclass(frozen=True)
class Timetable:
    """When the next try is due, on a monotonic clock.

    ``failures`` counts tries in a row that found no link; before ``not_before_s`` the server does
    not want to be asked.
    """

    next_s: float = 0.0
    failures: int = 0
    not_before_s: float = 0.0

    def wait_s(self, now_s: float) -> float:
        """Return how many seconds are left until the next try."""
        return max(0.0, self.next_s - now_s)

    def begun(self, now_s: float, draw: Draw, first_s: float) -> Timetable:
        """Return when to try first: a class that is switched on together is spread a little."""
        return Timetable(now_s + first_s * (1 + draw()))

    def succeeded(self, now_s: float, draw: Draw) -> Timetable:
        """Return when to look again after a try that went well."""
        return Timetable(now_s + USUAL_S * (1 + USUAL_SPREAD * (2 * draw() - 1)))

    def failed(self, now_s: float, draw: Draw, retry_after_s: float = 0.0) -> Timetable:
        """Return when to try again after one that found no link, or a server asking for time."""
        failures = self.failures + 1
        wait_s = backoff_s(failures, draw)
        if retry_after_s <= 0:
            return Timetable(now_s + wait_s, failures)
        # All who were sent away together were given the same time.
        spread_s = max(wait_s, min(CAP_S, retry_after_s) * draw())
        due_s = now_s + retry_after_s
        return Timetable(due_s + spread_s, failures, due_s)

    def with_work(self, now_s: float, draw: Draw) -> Timetable:
        """Return when to try now that work was handed in: soon; no faster while there is no link.

        While tries fail, work may bring the next one forward by one draw of the same backoff, but
        never before the time that the server asked for.
        """
        if self.failures:
            wait_s = backoff_s(self.failures, draw)
        else:
            wait_s = SOON_S + SOON_SPREAD_S * draw()
        due_s = max(self.not_before_s, now_s + wait_s)
        return Timetable(min(self.next_s, due_s), self.failures, self.not_before_s)
