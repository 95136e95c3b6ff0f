"""One thing that is to be brought, by whichever connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Set

from sync.objects import ObjectSpec
from sync.roads.road import Cancel, Progress
from sync.roads.wish import FileWish, ObjectWish, Wish

WAITING, RUNNING, DONE = range(3)
RATE_FROM_S = 5.0
"""Before, a connection that begins would pass for a slow one."""


@dataclass
class Errand:
    """``do`` brings it over a road of its own; ``wish`` makes what a line asks for.

    ``asked`` tells that somebody waits for it, ``part`` is the file that it is written to (none:
    a small file, which only the first source has). ``not_at`` are the sources it was not had from,
    ``again_s`` tells from when on others may be asked again, ``expected_s`` since when it is known.
    While it runs, ``source`` brings it, since ``began_s`` and from ``began_bytes`` on; ``dropped``
    tells that it is to stop there. ``heir`` is the source that goes on then, if one is to.
    """

    name: str
    size_bytes: int
    do: Callable[[Any, Progress, Cancel], Optional[bytes]]
    wish: Callable[[], Wish]
    part: str = ""
    not_at: Set[int] = field(default_factory=set)
    again_s: Dict[int, float] = field(default_factory=dict)
    expected_s: float = 0.0
    asked: bool = False
    dropped: bool = False
    heir: Optional[int] = None
    state: int = WAITING
    source: int = 0
    began_s: Optional[float] = None
    began_bytes: int = 0
    here_bytes: int = 0
    result: Optional[bytes] = None
    error: Optional[Exception] = None
    seen_bytes: int = field(default=0, compare=False)

    @property
    def to_come_bytes(self) -> int:
        """How much is still to come."""
        return max(0, self.size_bytes - self.here_bytes)

    def run_at(self, source: int) -> None:
        """Note that a source brings it from now on."""
        self.state, self.source, self.began_s = RUNNING, source, None
        self.dropped, self.heir = False, None

    def leave_to(self, heir: int) -> None:
        """Have another source go on with it."""
        self.dropped, self.heir = True, heir

    def note(self, here_bytes: int, now_s: float) -> None:
        """Note how far it is."""
        self.here_bytes = here_bytes
        if self.began_s is None:
            self.began_s, self.began_bytes = now_s, here_bytes

    def rate_bytes_per_s(self, now_s: float) -> Optional[float]:
        """Return how fast it comes; None while that cannot be told."""
        duration_s = 0.0 if self.began_s is None else now_s - self.began_s
        if self.state != RUNNING or duration_s < RATE_FROM_S:
            return None
        return (self.here_bytes - self.began_bytes) / duration_s


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
