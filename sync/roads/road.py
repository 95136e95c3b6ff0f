"""What everybody asks of a road: messages and objects, and the bytes they cost.

The road over HTTP is one (`sync.roads.http`), one that fetches ahead another (`sync.roads.ahead`);
tests bring theirs.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Callable, Optional, Protocol, runtime_checkable

from sync.objects import ObjectSpec

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


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
        progress: Optional[Progress] = None,
        cancel: Optional[Cancel] = None,
    ) -> None:
        """Bring a verified object to its place, going on where an earlier call stopped."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Foresight(Protocol):
    """A road that fetches ahead when it is told what will be asked for."""

    def expect_file(self, path: str, size_bytes: int) -> None:
        """Say that a small file will be asked for."""
        ...

    def expect_object(
        self, spec: ObjectSpec, part_path: Path, final_path: Path, *, repository: str
    ) -> None:
        """Say that an object will be asked for."""
        ...

    def forgo_object(self, final_path: Path) -> None:
        """Say that an object will not be asked for after all."""
        ...


@runtime_checkable
class Holding(Protocol):
    """A road that has some of what catalogues list, and tells at once what: a stick."""

    def has_file(self, path: str) -> bool:
        """Tell whether a file is there."""
        ...

    def has_object(self, sha256: str, size_bytes: int, *, repository: str) -> bool:
        """Tell whether an object is there."""
        ...

    def open_file(self, path: str) -> Optional[BinaryIO]:
        """Open a file of any size; None where it is missing."""
        ...

    def spoil(self, path: str) -> None:
        """Say that a file is not what it should be."""
        ...
