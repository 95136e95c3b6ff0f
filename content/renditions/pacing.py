"""A steady frame rate from frames that come as they like, and what that repeats and drops.

Old players, and jumps to a place, work best at one rate. Each frame takes the place in which its
time falls. Where two meet, the later is shown, for it may be the last for minutes; where a place is
empty, the frame before it stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Iterator, Optional, Tuple

_EARLY = 0.12
"""Times are rounded to milliseconds by many: so much of a place before it counts as in it."""
Paced = Tuple[Any, int]
"""A frame and how many times it is written."""


@dataclass
class Pacing:
    """Counts hold at the end: read - dropped + repeated = written."""

    rate: Fraction
    most_frames: int
    """No more are written: a damaged time stamp does not fill a disk."""
    read: int = 0
    dropped: int = 0
    repeated: int = 0
    written: int = 0
    _held: Any = None
    _place: int = 0

    def push(self, frame: Any, time_s: float) -> Iterator[Paced]:
        """Take the next frame; give the one before it, if its time is over."""
        self.read += 1
        place = min(max(0, int(time_s * float(self.rate) + _EARLY)), self.most_frames - 1)
        if self._held is None:
            # The first is seen from the start: there is nothing else to show.
            self._held = frame
            return
        if place <= self._place:
            self.dropped += 1
            self._held = frame
            return
        yield self._out(place - self._place)
        self._held, self._place = frame, place

    def finish(self, end_s: float) -> Optional[Paced]:
        """Give the last frame, held until the end."""
        if self._held is None:
            return None
        end = min(max(self._place + 1, round(end_s * float(self.rate))), self.most_frames)
        return self._out(end - self._place)

    def _out(self, times: int) -> Paced:
        self.repeated += times - 1
        self.written += times
        return self._held, times
