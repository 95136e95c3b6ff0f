"""What a road passes on that stands before another one."""

from __future__ import annotations

from sync.roads.road import Road


class Passing:
    """Messages go over the other road as they are, and what it counts is what is counted."""

    def __init__(self, road: Road) -> None:
        self._passed_to = road

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return self._passed_to.requests

    @property
    def sent_bytes(self) -> int:
        """How many bytes were sent."""
        return self._passed_to.sent_bytes

    @property
    def received_bytes(self) -> int:
        """How many bytes were received."""
        return self._passed_to.received_bytes

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange, beside whatever is fetched."""
        return self._passed_to.exchange(request)

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment."""
        return self._passed_to.enrol(request)
