"""How fast bytes may go: what a road asks after every run of bytes, before it reads the next.

A road that is asked to leave room does so by not reading: TCP's window closes, and the other side
sends no more than is read. The limiter is a token bucket (Turner, "New directions in
communications", 1986) that is paid afterwards: a run of bytes that has come cannot be sent back, so
it may put the bucket into debt, and the next one waits until the debt is paid.
"""

from __future__ import annotations

import threading
import time
from typing import Callable, Protocol

MAX_NAP_S = 5.0
"""The longest wait in one piece: a rate that rises, or a limit that is lifted, is felt soon."""
_NO_WAIT_S = 1e-6
"""Less is not worth a sleep: what is owed stays owed and is paid with the next bytes."""


class Pace(Protocol):
    """Told of every run of bytes that a road has read or written, before the next one."""

    def spend(self, size_bytes: int) -> None:
        """Count ``size_bytes``; return when the next bytes may go.

        Raises:
            LinkError: no more bytes may go for now (``link-budget`` and its like).
        """
        ...


class _NoPace:
    """Lets everything go at once."""

    def spend(self, size_bytes: int) -> None:
        """Return at once."""


NO_PACE: Pace = _NoPace()


class TokenBucket:
    """A rate in bytes a second that may be exceeded by ``burst_bytes`` for a moment.

    Any number of threads share one bucket, and one rate. ``monotonic`` gives seconds that never go
    back, ``sleep`` waits so many of them.
    """

    def __init__(
        self,
        rate_bytes_per_s: float,
        burst_bytes: int = 0,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if rate_bytes_per_s <= 0:
            raise ValueError("a rate is more than nothing")
        self._rate = rate_bytes_per_s
        self._burst_bytes = burst_bytes
        self._monotonic, self._sleep = monotonic, sleep
        self._lock = threading.Lock()
        self._tokens = float(burst_bytes)
        self._filled_at_s = monotonic()

    @property
    def rate_bytes_per_s(self) -> float:
        """The rate; it may be changed at any time."""
        return self._rate

    @rate_bytes_per_s.setter
    def rate_bytes_per_s(self, rate: float) -> None:
        if rate <= 0:
            raise ValueError("a rate is more than nothing")
        with self._lock:
            self._fill()
            self._rate = rate

    def spend(self, size_bytes: int) -> None:
        """Take ``size_bytes`` out of the bucket, and wait until it is not in debt."""
        self.take(size_bytes)
        self.wait()

    def take(self, size_bytes: int) -> None:
        """Take ``size_bytes`` out of the bucket without waiting; ``wait`` pays for them later."""
        with self._lock:
            self._fill()
            self._tokens -= size_bytes

    def wait(self) -> bool:
        """Wait until the bucket is not in debt; tell whether that took any time."""
        waited = False
        while True:
            with self._lock:
                self._fill()
                wait_s = -self._tokens / self._rate
            if wait_s < _NO_WAIT_S:
                return waited
            waited = True
            self._sleep(min(wait_s, MAX_NAP_S))

    def _fill(self) -> None:
        now_s = self._monotonic()
        earned = max(0.0, now_s - self._filled_at_s) * self._rate
        self._tokens = min(float(self._burst_bytes), self._tokens + earned)
        self._filled_at_s = now_s
