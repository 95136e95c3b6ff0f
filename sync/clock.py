"""Time that order can rest on, from clocks that lie.

Records are ordered by a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014):
the physical milliseconds since 1970 in the upper bits and a 16-bit counter below. Two things are
added for
machines that wake up in 2003 or 2031:

- A *reference*, the server's last known time, is a floor under our own clock, and the offset seen
then is
  remembered: a clock that was wrong at the last exchange is read as that much off until it is put
  right.
- A reading more than ``MAX_AWAY_MS`` past the reference is a wrong clock, not a long absence.
- What others claim is believed only up to ``MAX_AHEAD_MS`` past our own corrected time.
"""

from __future__ import annotations

import time
from typing import Protocol

COUNTER_BITS = 16
MAX_AHEAD_MS = 24 * 3600 * 1000
MAX_AWAY_MS = 2 * 365 * 24 * 3600 * 1000
MAX_TIME = (1 << 63) - 1


class Clock(Protocol):
    """A wall clock."""

    def now_ms(self) -> int:
        """Return the milliseconds since 1970-01-01 UTC."""
        ...


class SystemClock:
    """The machine's own clock, right or wrong."""

    def now_ms(self) -> int:
        """Return the milliseconds since 1970-01-01 UTC, as the machine believes."""
        return time.time_ns() // 1_000_000


def hybrid_time(ms: int, counter: int = 0) -> int:
    """Return the hybrid time of physical milliseconds and a counter."""
    return ms << COUNTER_BITS | counter


def milliseconds(hybrid: int) -> int:
    """Return the physical milliseconds of a hybrid time."""
    return hybrid >> COUNTER_BITS


def bounded_time(hybrid: int, reference_ms: int) -> int:
    """Return a claimed hybrid time, or the reference where the claim lies too far ahead of it.

    So one clock in 2031 does not carry all others along.
    """
    if milliseconds(hybrid) <= reference_ms + MAX_AHEAD_MS:
        return hybrid
    return hybrid_time(reference_ms)


def corrected_ms(now_ms: int, floor_ms: int, offset_ms: int) -> int:
    """Return the likeliest true time.

    ``floor_ms`` is the server's last known time, ``offset_ms`` what had to be added to our clock
    then. The clock may have been put right since, so both readings are candidates: time never lies
    before the floor nor years past it, and of two likely readings the nearer one is likelier. Where
    there is none, time stands still at the floor: what is done stays in its order.
    """
    latest_ms = floor_ms + MAX_AWAY_MS if floor_ms else max(now_ms, floor_ms)
    candidates = [ms for ms in (now_ms, now_ms + offset_ms) if floor_ms <= ms <= latest_ms]
    return min(candidates, default=floor_ms)


class HybridClock:
    """A hybrid logical clock over a wall clock: it only ever grows, whatever that does."""

    def __init__(
        self, clock: Clock, last: int = 0, *, floor_ms: int = 0, offset_ms: int = 0
    ) -> None:
        """Continue after the hybrid time ``last``, with what is known of the server's time."""
        self._clock = clock
        self.last = last
        self.floor_ms = floor_ms
        self.offset_ms = offset_ms

    def now_ms(self) -> int:
        """Return the wall clock's time, corrected by what the server's time taught us."""
        return corrected_ms(self._clock.now_ms(), self.floor_ms, self.offset_ms)

    def tick(self) -> int:
        """Return the hybrid time of something that happens here and now."""
        self.last = min(max(hybrid_time(self.now_ms()), self.last + 1), MAX_TIME)
        return self.last

    def witness(self, hybrid: int) -> None:
        """Learn of something that happened elsewhere, so that what we do next comes after it."""
        self.last = max(self.last, bounded_time(hybrid, self.now_ms()))

    def refer(self, server_time_ms: int) -> None:
        """Learn the server's time from an answer that it signed; an older one is ignored."""
        if server_time_ms < self.floor_ms:
            return
        self.floor_ms = server_time_ms
        self.offset_ms = server_time_ms - self._clock.now_ms()

    def refer_aged(self, server_time_ms: int) -> None:
        """Learn that it is at least the server's time: its answer took days on its way, or none.

        So it tells a clock that is behind it, or years ahead, but nothing of how far it is off.
        """
        if server_time_ms < self.floor_ms:
            return
        self.floor_ms = server_time_ms
        now_ms = self._clock.now_ms()
        latest_ms = server_time_ms + MAX_AWAY_MS
        if not any(server_time_ms <= ms <= latest_ms for ms in (now_ms, now_ms + self.offset_ms)):
            self.offset_ms = server_time_ms - now_ms
