"""Token buckets: so much at once, and then so much a second."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Callable, Optional

MAX_NAMES = 4096


@dataclass
class Bucket:
    """What is left of ``limit`` tokens, refilled steadily."""

    limit: float
    rate_per_s: float
    left: float
    time_s: float

    def refill(self, now_s: float) -> None:
        """Add what the time since the last call brought."""
        gained = max(0.0, now_s - self.time_s) * self.rate_per_s
        self.left = min(self.limit, self.left + gained)
        self.time_s = now_s

    def wait_s(self) -> int:
        """Return in how many whole seconds there is a token; 0 when there is one."""
        return 0 if self.left >= 1 else math.ceil((1 - self.left) / self.rate_per_s)


class Buckets:
    """A bucket for each name, made when its first token is taken.

    Those not touched for longest are forgotten when there are too many, as if they were full.
    """

    def __init__(self, limit: float, rate_per_s: float, monotonic_s: Callable[[], float]) -> None:
        self._limit = limit
        self._rate_per_s = rate_per_s
        self._now_s = monotonic_s
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many names have a bucket."""
        return len(self._buckets)

    def known(self, name: str) -> Optional[Bucket]:
        """Return a name's bucket as it is now, or None where no token was taken yet."""
        bucket = self._buckets.get(name)
        if bucket is not None:
            bucket.refill(self._now_s())
        return bucket

    def take(self, name: str) -> int:
        """Take a token and return 0, or take none and return in how many seconds there is one."""
        bucket = self.known(name)
        if bucket is None:
            bucket = Bucket(self._limit, self._rate_per_s, self._limit, self._now_s())
            self._buckets[name] = bucket
        self._buckets.move_to_end(name)
        while len(self._buckets) > MAX_NAMES:
            self._buckets.popitem(last=False)
        wait_s = bucket.wait_s()
        bucket.left -= not wait_s
        return wait_s
