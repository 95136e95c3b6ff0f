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
SMALLEST_WINDOW_BYTES = 8 << 10
LARGEST_WINDOW_BYTES = 160 << 10
"""A larger one is left to the system, which makes it as large as it likes."""
SMALLEST_AHEAD_BYTES, LARGEST_AHEAD_BYTES = 64 << 10, 1 << 20
_ROUND_TRIPS_AHEAD = 4
"""A connection takes one to ask, one or two to come up to speed, and one is for luck."""
_SHORTEST_SAMPLE_S = 0.5
_SAMPLES = 10


class Flow:
    """Measures one link; any number of connections and threads share it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._trips: Deque[float] = deque(maxlen=2 * _SAMPLES)
        self._answers: Deque[float] = deque(maxlen=_SAMPLES)
        self._rates: Deque[float] = deque(maxlen=_SAMPLES)
        self._sample_bytes = 0
        self._sample_from_s = 0.0
        self._heard_at_s = 0.0
        self._transfers = 0

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
            self._answers.append(duration_s)

    @contextlib.contextmanager
    def transfer(self) -> Iterator[None]:
        """Bring an object: only then is the link asked for all that it can do."""
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
            shortest_s = max(_SHORTEST_SAMPLE_S, 2 * (self.round_trip_s or 0.0))
            paused, self._heard_at_s = now_s - self._heard_at_s > shortest_s, now_s
            if paused or not self._transfers:
                # What waited in the kernel comes at once, and says nothing of the link.
                self._restart()
                return
            self._sample_bytes += size_bytes
            duration_s = now_s - self._sample_from_s
            if duration_s >= shortest_s:
                self._rates.append(self._sample_bytes / duration_s)
                self._restart()

    def _restart(self) -> None:
        self._sample_bytes, self._sample_from_s = 0, self._monotonic()

    def window_bytes(self) -> Optional[int]:
        """Return the receive window for each of the transfers; None: leave it to the system."""
        rate, trip_s = self.rate_bytes_per_s, self.round_trip_s
        if rate is None or trip_s is None:
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
        answer_s = min(self._answers) if self._answers else None
        if rate is None or answer_s is None:
            return SMALLEST_AHEAD_BYTES
        wanted_bytes = int(rate * answer_s * _ROUND_TRIPS_AHEAD)
        return min(LARGEST_AHEAD_BYTES, max(SMALLEST_AHEAD_BYTES, wanted_bytes))
