"""What the laptop asks of a road. The road over HTTP is one; tests bring theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Optional, Protocol

from sync.objects import ObjectSpec


class Road(Protocol):
    """Carries messages and objects to and from one school's server, and counts its bytes.

    Methods raise sync.errors.LinkError when the road fails and other SyncErrors when what came
    is not what was asked for.
    """

    @property
    def requests(self) -> int:
        """How many requests were made."""
        ...

    @property
    def sent_bytes(self) -> int:
        """Bytes sent, headers included."""
        ...

    @property
    def received_bytes(self) -> int:
        """Bytes received, headers included."""
        ...

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange."""
        ...

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment."""
        ...

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Bring a small file."""
        ...

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Callable[[int, int], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> None:
        """Bring a verified object to its place, going on where an earlier call stopped."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def over_http(address: str) -> Road:
    """Take the road over HTTP; raises sync.errors.EnrolmentError ``address-invalid``."""
    from sync.roads.http import HttpRoad

    return HttpRoad(address)
