"""How much of what laptops send may be in memory at once."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager
from typing import Iterator

from sync_server.errors import RequestError

ROOM_BYTES = 32 << 20
"""Bodies of requests that arrive or wait: a thousand laptops with a month's work each."""
ADDRESS_BYTES = ROOM_BYTES // 2
"""The share of one address: a whole school may stand behind one router, but not all the room."""
VISITOR_BYTES = 4096
"""What a request takes up besides its body."""
SHORTEST_WAIT_S = 2
LONGEST_WAIT_S = 20


class Room:
    """Counts bytes in memory, together and by address. Used from one thread."""

    def __init__(self, room_bytes: int = ROOM_BYTES, address_bytes: int = ADDRESS_BYTES) -> None:
        self._room_bytes = room_bytes
        self._address_bytes = address_bytes
        self._taken: Counter[str] = Counter()
        self.taken_bytes = 0

    @contextmanager
    def visit(self, address: str) -> Iterator[Visit]:
        """Make room for a request as long as a block lasts.

        Raises:
            RequestError: ``server-busy``, with a time to come back, when there is none.
        """
        visit = Visit(self, address)
        try:
            if not visit.take(VISITOR_BYTES):
                raise later(self)
            yield visit
        finally:
            self._add(address, -visit.bytes)

    @property
    def fullness(self) -> float:
        """The part that is taken, 0 to 1."""
        return self.taken_bytes / self._room_bytes

    def has(self, address: str, size_bytes: int) -> bool:
        """Tell whether so many bytes more can be taken for an address."""
        return (
            self.taken_bytes + size_bytes <= self._room_bytes
            and self._taken[address] + size_bytes <= self._address_bytes
        )

    def _add(self, address: str, size_bytes: int) -> None:
        self.taken_bytes += size_bytes
        self._taken[address] += size_bytes
        if not self._taken[address]:
            del self._taken[address]


class Visit:
    """What one request takes of the room."""

    def __init__(self, room: Room, address: str) -> None:
        self.room = room
        self.address = address
        self.bytes = 0

    def take(self, size_bytes: int) -> bool:
        """Take bytes more, if they are there."""
        if not self.room.has(self.address, size_bytes):
            return False
        self.room._add(self.address, size_bytes)
        self.bytes += size_bytes
        return True


def later(room: Room) -> RequestError:
    """Return the answer of a server that has no room: not now, and not all again at one time."""
    longest_s = SHORTEST_WAIT_S + int(room.fullness * (LONGEST_WAIT_S - SHORTEST_WAIT_S))
    wait_s = random.randint(SHORTEST_WAIT_S, max(SHORTEST_WAIT_S, longest_s))  # noqa: S311
    return RequestError("server-busy", 429, {"Retry-After": str(wait_s)})
