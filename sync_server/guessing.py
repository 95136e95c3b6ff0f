"""Slowing down whoever guesses enrolment codes."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Callable, Optional

ADDRESS_LIMIT = 20
"""Unknown codes that one address may try at once: a class behind one router mistypes a few."""
ADDRESS_RATE_PER_S = 1 / 6
ALL_LIMIT = 200
ALL_RATE_PER_S = 2.0
MAX_ADDRESSES = 4096


@dataclass
class _Bucket:
    """A token bucket: what is left of ``limit`` tries, refilled steadily."""

    limit: float
    rate_per_s: float
    left: float
    time_s: float

    def refill(self, now_s: float) -> None:
        gained = max(0.0, now_s - self.time_s) * self.rate_per_s
        self.left = min(self.limit, self.left + gained)
        self.time_s = now_s

    def wait_s(self) -> int:
        return 0 if self.left >= 1 else math.ceil((1 - self.left) / self.rate_per_s)


class GuessLimit:
    """Counts unknown enrolment codes, by address and together.

    Only failures count. An address that used up its tries waits whatever it sends; while strangers
    use up the common ones, an address that has not guessed is still served.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._now_s = monotonic_s
        self._all = _Bucket(ALL_LIMIT, ALL_RATE_PER_S, ALL_LIMIT, monotonic_s())
        self._addresses: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_s(self, address: str) -> int:
        """Return how many seconds an address must wait before its next try; 0 to go on."""
        bucket = self._known(address)
        if bucket is None:
            return 0
        self._all.refill(self._now_s())
        return max(bucket.wait_s(), self._all.wait_s())

    def failed(self, address: str) -> None:
        """Note that an address tried a code that nobody gave out."""
        bucket = self._known(address)
        if bucket is None:
            bucket = _Bucket(ADDRESS_LIMIT, ADDRESS_RATE_PER_S, ADDRESS_LIMIT, self._now_s())
            self._addresses[address] = bucket
        self._addresses.move_to_end(address)
        while len(self._addresses) > MAX_ADDRESSES:
            self._addresses.popitem(last=False)
        self._all.refill(self._now_s())
        bucket.left -= 1
        self._all.left = max(0.0, self._all.left - 1)

    def _known(self, address: str) -> Optional[_Bucket]:
        bucket = self._addresses.get(address)
        if bucket is not None:
            bucket.refill(self._now_s())
        return bucket
