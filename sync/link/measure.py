"""What a link was seen to do: bytes a second and delay, averaged over time.

Both are exponentially weighted moving averages. A sample of the speed weighs by how long it took,
so that many short ones count for no more than a long one. A faster one weighs more than a slower
one, since a link never does more than it can, and often less: a connection that has just begun, or
that waits for an answer, does not fill it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

MEMORY_S = 60.0
"""A slower sample of so many seconds replaces about two thirds of what was known."""
_FASTER_WEIGHT = 0.3
_DELAY_WEIGHT = 0.2
SAMPLE_S = 1.0
SKIPPED_S = 0.25
"""After a pause of our own, what waited in the kernel comes first, and faster than the link is."""
IDLE_S = 5.0
"""When nothing came for so long, nothing was asked for, or the link stood still."""
_MAX_BYTES_PER_S, _MAX_DELAY_S = 1e12, 3600.0


@dataclass(frozen=True)
class Measure:
    """Bytes a second and seconds from question to answer; 0 is unknown. An immutable value."""

    bytes_per_s: float = 0.0
    delay_s: float = 0.0

    def with_transfer(
        self, size_bytes: int, duration_s: float, stands_for_s: float = 0.0
    ) -> Measure:
        """Return the measure after so many bytes came in so many seconds without a pause.

        ``stands_for_s`` is the longer time that a rare sample speaks for.
        """
        if size_bytes <= 0 or duration_s <= 0:
            return self
        rate = min(size_bytes / duration_s, _MAX_BYTES_PER_S)
        weighs_s = max(duration_s, stands_for_s)
        weight = 1 - math.exp(-weighs_s / MEMORY_S) if self.bytes_per_s else 1.0
        if rate > self.bytes_per_s:
            weight = max(weight, _FASTER_WEIGHT)
        # Not old + weight * (new - old): a difference of numbers far apart loses the smaller one.
        return Measure((1 - weight) * self.bytes_per_s + weight * rate, self.delay_s)

    def with_answer(self, delay_s: float) -> Measure:
        """Return the measure after a small question was answered."""
        if not 0 < delay_s <= _MAX_DELAY_S:
            return self
        weight = _DELAY_WEIGHT if self.delay_s else 1.0
        return Measure(self.bytes_per_s, self.delay_s + weight * (delay_s - self.delay_s))

    def duration_s(self, size_bytes: int) -> Optional[float]:
        """Return how long so many bytes would take; None when the link is not known."""
        return self.delay_s + size_bytes / self.bytes_per_s if self.bytes_per_s else None

    def as_json(self) -> Dict[str, Any]:
        """Return the measure for keeping; ``measure_from`` reads it."""
        return {"bytes_per_s": round(self.bytes_per_s), "delay_s": round(self.delay_s, 3)}


def measure_from(value: Any) -> Measure:
    """Read what ``Measure.as_json`` wrote. What is not that is a link not known."""
    try:
        rate, delay_s = float(value["bytes_per_s"]), float(value["delay_s"])
    except (TypeError, ValueError, KeyError):
        return Measure()
    known = 0 <= rate <= _MAX_BYTES_PER_S and 0 <= delay_s <= _MAX_DELAY_S
    return Measure(rate, delay_s) if known else Measure()


class Sampler:
    """Cuts what comes into samples: stretches of ``SAMPLE_S`` without a pause of our own."""

    def __init__(self, sample_s: float = SAMPLE_S) -> None:
        self._sample_s = sample_s
        self._skip_until_s: Optional[float] = None
        self._from_s: Optional[float] = None
        self._last_s = 0.0
        self._size_bytes = 0

    def heard(self, size_bytes: int, now_s: float) -> Optional[Tuple[int, float]]:
        """Learn that bytes have come; return a sample's bytes and seconds when one is whole."""
        if now_s - self._last_s > IDLE_S:
            self.paused()
        self._last_s = now_s
        if self._skip_until_s is None:
            self._skip_until_s = now_s + SKIPPED_S
        if self._from_s is None:
            if now_s >= self._skip_until_s:
                self._from_s, self._size_bytes = now_s, 0
            return None
        self._size_bytes += size_bytes
        duration_s = now_s - self._from_s
        if duration_s < self._sample_s:
            return None
        sample = self._size_bytes, duration_s
        self._from_s, self._size_bytes = now_s, 0
        return sample

    def paused(self) -> None:
        """Learn that nobody read for a while."""
        self._skip_until_s = self._from_s = None
