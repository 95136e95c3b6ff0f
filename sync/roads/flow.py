"""What is known of a link by using it: how long a round trip takes, and how fast bytes come.

From both follows how much may be on its way at once. More than a round trip's worth only waits in a
queue before the link's narrowest place, where everything else waits behind it: a pupil's answers
too. So on a slow link the receive window is kept to what fills the link and ``QUEUE_S`` of queue.
The rate is the largest of the last measurements and the round trip the smallest, as in BBR
(Cardwell et al., "BBR: Congestion-Based Congestion Control", 2016): a full link hides its delay,
and an idle one its rate.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from typing import Callable, Deque, Iterator, Optional

QUEUE_S = 0.5
SMALLEST_WINDOW_BYTES = 16 << 10
LARGEST_WINDOW_BYTES = 64 << 10
"""A larger one is left to the system: there a queue is over before anybody waits for it."""
AHEAD_S = 15.0
"""The next request is made when what is on its way takes no longer than this. A connection needs a
few round trips to come up to speed, and where senders measure the link too (BBR), much longer."""
SMALLEST_AHEAD_BYTES, LARGEST_AHEAD_BYTES = 256 << 10, 8 << 20
SMALLEST_LINE_BYTES, LARGEST_LINE_BYTES = 64 << 10, 2 << 20
BULK_BYTES = 128 << 10
"""Smaller objects are over before a connection is up to speed: they tell nothing of its rate."""
_GROWTH, _STILL = 1.25, 2
"""A rate that grew less in so many samples is the link's, not that of a connection that begins."""
_SAMPLE_S = 3.0
"""After a loss bytes come in bursts: a shorter time would take one for the link's rate."""
_SAMPLES, _TRIPS = 4, 20


class Flow:
    """Measures one link; any number of connections and threads share it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._trips: Deque[float] = deque(maxlen=_TRIPS)
        self._rates: Deque[float] = deque(maxlen=_SAMPLES)
        self._best_rate = 0.0
        self._still = 0
        self._sample_bytes = 0
        self._sample_from_s = 0.0
        self._heard_at_s = 0.0
        self._transfers = 0
        self.keeps_open = False
        """Whether the other side was seen to keep a connection open after an answer."""

    @property
    def round_trip_s(self) -> Optional[float]:
        """The shortest of the last round trips; None before the first."""
        return min(self._trips) if self._trips else None

    @property
    def rate_bytes_per_s(self) -> Optional[float]:
        """The fastest that bytes came lately; None before enough of them came."""
        return max(self._rates) if self._rates else None

    @property
    def transfers(self) -> int:
        """How many objects are on their way."""
        return self._transfers

    def connected(self, duration_s: float) -> None:
        """Learn how long a connection took to be made."""
        with self._guard:
            self._trips.append(duration_s)

    def answered(self, duration_s: float) -> None:
        """Learn how long the first byte of an answer took."""
        with self._guard:
            self._trips.append(duration_s)

    @contextlib.contextmanager
    def transfer(self, to_come_bytes: int = BULK_BYTES) -> Iterator[None]:
        """Bring an object: only for a large one the link is asked for all that it can do."""
        if to_come_bytes < BULK_BYTES:
            yield
            return
        with self._guard:
            if not self._transfers:
                self._restart()
            self._transfers += 1
        try:
            yield
        finally:
            with self._guard:
                self._transfers -= 1

    def heard(self, size_bytes: int) -> None:
        """Learn that bytes came."""
        with self._guard:
            now_s = self._monotonic()
            longest_gap_s = max(0.5, 2 * (self.round_trip_s or 0.0))
            paused, self._heard_at_s = now_s - self._heard_at_s > longest_gap_s, now_s
            if paused or not self._transfers:
                # What waited in the kernel comes at once, and says nothing of the link.
                self._restart()
                return
            self._sample_bytes += size_bytes
            duration_s = now_s - self._sample_from_s
            if duration_s >= _SAMPLE_S:
                self._note_rate(self._sample_bytes / duration_s)
                self._restart()

    def _note_rate(self, rate: float) -> None:
        self._rates.append(rate)
        if rate > self._best_rate * _GROWTH:
            self._best_rate, self._still = rate, 0
        else:
            self._still += 1

    def _restart(self) -> None:
        self._sample_bytes, self._sample_from_s = 0, self._monotonic()

    def window_bytes(self) -> Optional[int]:
        """Return the receive window for each transfer; None: leave it to the system."""
        rate, trip_s = self.rate_bytes_per_s, self.round_trip_s
        if rate is None or trip_s is None or self._still < _STILL:
            return None
        window_bytes = int(rate * (trip_s + QUEUE_S))
        if window_bytes > LARGEST_WINDOW_BYTES:
            return None
        return max(SMALLEST_WINDOW_BYTES, window_bytes // max(1, self._transfers))

    def ahead_bytes(self) -> int:
        """Return at how many bytes to come the next request is made, so that the link never idles.

        A link that is not known yet is taken for a slow one.
        """
        rate = self.rate_bytes_per_s
        if rate is None:
            return SMALLEST_AHEAD_BYTES
        return min(LARGEST_AHEAD_BYTES, max(SMALLEST_AHEAD_BYTES, int(rate * AHEAD_S)))

    def line_bytes(self) -> int:
        """Return at how many bytes to come the next request is sent on the same connection."""
        rate = self.rate_bytes_per_s or 0.0
        wanted_bytes = int(rate * (4 * (self.round_trip_s or 0.0) + 1))
        return min(LARGEST_LINE_BYTES, max(SMALLEST_LINE_BYTES, wanted_bytes))
