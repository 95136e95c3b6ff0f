"""Slowing down whoever guesses enrolment codes."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncIterator, Callable

from sync_server.errors import RequestError
from sync_server.http.buckets import Bucket, Buckets

ADDRESS_LIMIT = 20
"""Unknown codes that one address may try at once: a class behind one router mistypes a few."""
ADDRESS_RATE_PER_S = 1 / 6
ALL_LIMIT = 200
ALL_RATE_PER_S = 2.0


class GuessLimit:
    """Counts unknown enrolment codes, by address and together.

    Only failures count. An address that used up its tries waits whatever it sends; while strangers
    use up the common ones, an address that has not guessed is still served.
    """

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._now_s = monotonic_s
        self._all = Bucket(ALL_LIMIT, ALL_RATE_PER_S, ALL_LIMIT, monotonic_s())
        self._addresses = Buckets(ADDRESS_LIMIT, ADDRESS_RATE_PER_S, monotonic_s)
        self._one = asyncio.Lock()

    def wait_s(self, address: str) -> int:
        """Return how many seconds an address must wait before its next try; 0 to go on."""
        bucket = self._addresses.known(address)
        if bucket is None:
            return 0
        self._all.refill(self._now_s())
        return max(bucket.wait_s(), self._all.wait_s())

    def check(self, address: str) -> None:
        """See that an address may try.

        Raises:
            RequestError: ``too-many-guesses``, with a time to come back.
        """
        wait_s = self.wait_s(address)
        if wait_s:
            raise RequestError("too-many-guesses", 429, {"Retry-After": str(wait_s)})

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Let one try be made at a time, and counted: many at once are as slow as one by one.

        Raises:
            RequestError: as ``check`` does.
        """
        async with self._one:
            self.check(address)
            yield

    def failed(self, address: str) -> None:
        """Note that an address tried a code that nobody gave out."""
        self._addresses.take(address)
        self._all.refill(self._now_s())
        self._all.left = max(0.0, self._all.left - 1)
