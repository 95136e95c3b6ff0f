"""Counts, limits and measures what goes over a link: its rules carried out.

The meter decides in memory, for any number of threads; whoever owns it keeps its counts on the disk
and tells it the time. In between, time goes by a clock that never jumps.
"""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Callable, Optional

from sync.errors import LinkError
from sync.link.measure import Measure, Sampler
from sync.link.pace import TokenBucket
from sync.link.policy import Now, Verdict, verdict
from sync.link.rules import LinkRules, Value
from sync.link.usage import Usage

ROOM = 0.5
"""The share of a link that is used where room is to be left."""
BURST_BYTES = 48 << 10
"""A few reads' worth: a link that is slower than its limit never waits."""
PROBE_S, PROBE_ROUND_TRIPS = 2.0, 4.0
PROBE_EVERY_S = 60.0
"""A link of which half is used cannot be measured: so often all of it is; a pause pays for it."""
LOWER_BOUND_S = 8.0
"""What came in so long a stretch, our own pauses included, the link can do at least."""
FIRST_BYTES_PER_S = 16_000.0
"""Half of a link that is not known yet is taken for so much, after the first probe."""


class LinkMeter:
    """One link's counts. ``measure`` is what is known of its speed."""

    def __init__(
        self,
        now: Now,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic, self._sleep = monotonic, sleep
        self._guard = threading.Lock()
        self._now, self._now_at_s = now, monotonic()
        self._rules, self._metered = LinkRules(), False
        self._usage = Usage()
        self._new_bytes = 0
        self._sampler, self._lower = Sampler(), Sampler(LOWER_BOUND_S)
        self._bucket: Optional[TokenBucket] = None
        self._probe_from_s: Optional[float] = None
        self.measure = Measure()

    def inform(self, rules: LinkRules, usage: Usage, now: Now, metered: bool) -> None:
        """Learn the rules, what is on the disk of the counts, the time, and what link this is."""
        with self._guard:
            self._rules, self._usage, self._metered = rules, usage, metered
            self._now, self._now_at_s = now, self._monotonic()
            self._set_rate()

    def verdict(self, value: Value) -> Verdict:
        """Tell whether bytes of this value may go now."""
        with self._guard:
            return self._verdict(value)

    def count(self, size_bytes: int) -> None:
        """Count bytes that nobody may hold up: work, and what went around it."""
        with self._guard:
            self._new_bytes += size_bytes

    @property
    def new_bytes(self) -> int:
        """What was counted and is not on the disk yet."""
        return self._new_bytes

    def kept(self, size_bytes: int, usage: Usage) -> None:
        """Learn that so many of the new bytes are on the disk, and what is there now."""
        with self._guard:
            self._new_bytes -= size_bytes
            self._usage = usage

    def spend(self, size_bytes: int, value: Value) -> None:
        """Count bytes of an object and wait until the next may come.

        Raises:
            LinkError: with the code of the rule that says that no more may come now.
        """
        with self._guard:
            self._new_bytes += size_bytes
            self._sample(size_bytes)
            found = self._verdict(value)
            bucket = self._bucket
            probing = self._probing()
        if found.reason is not None:
            raise LinkError(found.reason.value)
        if bucket is None:
            return
        bucket.take(size_bytes)
        if not probing and bucket.wait():
            with self._guard:
                self._sampler.paused()

    def _verdict(self, value: Value) -> Verdict:
        passed_ms = max(0, int((self._monotonic() - self._now_at_s) * 1000))
        local = self._now.local + timedelta(milliseconds=passed_ms)
        now = Now(self._now.time_ms + passed_ms, local)
        usage = self._usage.plus(now.day, self._new_bytes)
        return verdict(self._rules, value, now, usage, self._metered)

    def _sample(self, size_bytes: int) -> None:
        now_s = self._monotonic()
        sample, lower = self._sampler.heard(size_bytes, now_s), self._lower.heard(size_bytes, now_s)
        if lower is not None and lower[0] > lower[1] * self.measure.bytes_per_s:
            sample = sample or lower
        if sample is not None:
            stands_for_s = PROBE_EVERY_S / 2 if self._rules.leave_room else 0.0
            self.measure = self.measure.with_transfer(*sample, stands_for_s)
            self._set_rate()

    def _probing(self) -> bool:
        """Tell whether all of the link is used for a moment, so as to know what half of it is."""
        if not self._rules.leave_room:
            return False
        now_s = self._monotonic()
        if self._probe_from_s is None or now_s - self._probe_from_s >= PROBE_EVERY_S:
            self._probe_from_s = now_s
        return now_s - self._probe_from_s < PROBE_S + PROBE_ROUND_TRIPS * self.measure.delay_s

    def _set_rate(self) -> None:
        rate = self._rate_bytes_per_s()
        if rate is None:
            self._bucket = None
        elif self._bucket is None:
            self._bucket = TokenBucket(
                rate, BURST_BYTES, monotonic=self._monotonic, sleep=self._sleep
            )
        else:
            self._bucket.rate_bytes_per_s = rate

    def _rate_bytes_per_s(self) -> Optional[float]:
        limit = self._rules.rate_bytes_per_s
        rate = None if limit is None else float(limit)
        if self._rules.leave_room:
            half = ROOM * (self.measure.bytes_per_s or FIRST_BYTES_PER_S / ROOM)
            rate = half if rate is None else min(half, rate)
        return rate
