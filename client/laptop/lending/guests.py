"""How many guests are taken in, and how much talk of theirs is borne: nobody knows them.

Whoever sends a byte now and then, or reads one, would keep a place for ever; who opens one
connection after the other would keep all of them.
"""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from collections import Counter
from typing import Any, Callable, Iterator

MOST_HEAD_BYTES = 1 << 14
"""All that is read of one request, or of several that come together; ours have 200 bytes."""


class Places:
    """So many places in all, and so many of them for one guest. For any number of threads."""

    def __init__(self, most: int, most_for_one: int) -> None:
        self._most, self._most_for_one = most, most_for_one
        self._guard = threading.Lock()
        self._taken: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether there is no place for anybody."""
        with self._guard:
            return sum(self._taken.values()) >= self._most

    def take(self, guest: str) -> bool:
        """Take a place; False where there is none."""
        with self._guard:
            free = sum(self._taken.values()) < self._most
            if not free or self._taken[guest] >= self._most_for_one:
                return False
            self._taken[guest] += 1
            return True

    def leave(self, guest: str) -> None:
        """Give a place back."""
        with self._guard:
            self._taken[guest] -= 1
            # Forgets who has none any more.
            self._taken += Counter()

    @contextlib.contextmanager
    def taken(self, guest: str) -> Iterator[bool]:
        """Take a place for as long as a block lasts; False where there is none."""
        placed = self.take(guest)
        try:
            yield placed
        finally:
            if placed:
                self.leave(guest)


class RequestStream(io.RawIOBase):
    """What a guest sends: each request comes within a time and a size, or its connection ends."""

    def __init__(
        self,
        connection: socket.socket,
        within_s: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._connection = connection
        self._within_s = within_s
        self._monotonic = monotonic
        self.begin()

    def begin(self) -> None:
        """Wait for a request from now on."""
        self._left_bytes = MOST_HEAD_BYTES
        self._ends_s = self._monotonic() + self._within_s

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come.

        Raises:
            socket.timeout: it took too long, or became too much.
        """
        wait_s = self._ends_s - self._monotonic()
        if wait_s <= 0 or not self._left_bytes:
            raise socket.timeout("no request")
        self._connection.settimeout(wait_s)
        count = self._connection.recv_into(memoryview(buffer)[: self._left_bytes])
        self._left_bytes -= count
        return count
