"""One thing that is to be brought, by whichever connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Optional, Set

from sync.objects import ObjectSpec
from sync.roads.wish import FileWish, ObjectWish, Wish

WAITING, RUNNING, DONE = range(3)

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


@dataclass
class Errand:
    """``do`` brings it over a road of its own; ``wish`` makes what a line asks for.

    ``asked`` tells that somebody waits for it, ``part`` is the file that it is written to (none:
    a small file, which only the first source has). ``not_at`` are the sources it was not had from.
    """

    name: str
    size_bytes: int
    do: Callable[[Any, Progress, Cancel], Optional[bytes]]
    wish: Callable[[], Wish]
    part: str = ""
    not_at: Set[int] = field(default_factory=set)
    asked: bool = False
    state: int = WAITING
    here_bytes: int = 0
    result: Optional[bytes] = None
    error: Optional[Exception] = None
    seen_bytes: int = field(default=0, compare=False)

    @property
    def to_come_bytes(self) -> int:
        """How much is still to come."""
        return max(0, self.size_bytes - self.here_bytes)


def file_errand(path: str, size_bytes: int) -> Errand:
    """Bring a small file."""
    return Errand(
        path,
        size_bytes,
        lambda road, _, __: road.fetch(path, size_bytes),
        lambda: FileWish(path, size_bytes),
    )


def object_errand(spec: ObjectSpec, part_path: Path, final_path: Path, repository: str) -> Errand:
    """Bring an object to its place."""

    def bring(road: Any, progress: Progress, cancel: Cancel) -> None:
        road.download(
            spec,
            part_path,
            final_path,
            repository=repository,
            progress=progress,
            cancel=cancel,
        )

    return Errand(
        str(final_path),
        spec.size_bytes,
        bring,
        lambda: ObjectWish(spec, part_path, final_path, repository=repository),
        str(part_path),
    )
