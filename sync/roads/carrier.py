"""What fetching ahead asks of a road."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Optional, Protocol, runtime_checkable

from sync.objects import ObjectSpec
from sync.pace import Pace
from sync.roads.flow import Flow
from sync.roads.line import Line

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


@runtime_checkable
class Carrier(Protocol):
    """What is asked of a road; `sync.roads.http.HttpRoad` is one.

    ``pace`` is told of every run of bytes that is fetched, ``traffic`` counts them.
    """

    base_url: str
    pace: Pace
    traffic: Any
    connect_timeout_s: float

    @property
    def flow(self) -> Flow:
        """What is known of the link."""
        ...

    @property
    def requests(self) -> int:
        """How many requests it and its twins made."""
        ...

    @property
    def sent_bytes(self) -> int:
        """What they sent."""
        ...

    @property
    def received_bytes(self) -> int:
        """What they received."""
        ...

    def exchange(self, request: bytes) -> bytes:
        """Carry an exchange."""
        ...

    def enrol(self, request: bytes) -> bytes:
        """Carry an enrolment."""
        ...

    def line(self) -> Optional[Line]:
        """Give a line to where it leads; None where there can be none."""
        ...

    def twin(self) -> Carrier:
        """Give a further connection of this road, for another thread."""
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
        progress: Optional[Progress] = None,
        cancel: Optional[Cancel] = None,
    ) -> None:
        """Bring an object."""
        ...

    def abort(self) -> None:
        """End what is on its way, from any thread."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
