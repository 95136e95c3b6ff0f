"""Objects on their way into the folder of packs, for one run of a sync."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Callable, Iterator, Optional

from client.laptop.road import Foresight, Holding, Road
from sync.errors import CancelledError, Fault, SyncError
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content.installation import Installation
    from content.watch import Watch

PATCH = ".patch"
_ENDS_ALL = frozenset(("cancelled", "disk-full", "disk-failed", "stick-gone"))

Cancel = Callable[[], bool]
Heard = Callable[[int, int], None]
"""Hears how many bytes are done, and of how many."""


class Parts:
    """Fetches objects, each going on where it was cut, and watches the work with them."""

    def __init__(self, installation: Installation, road: Road, cancel: Cancel) -> None:
        self.installation = installation
        self._road = road
        self._foresight = road if isinstance(road, Foresight) else None
        self._holding = road if isinstance(road, Holding) else None
        self._cancel = cancel

    def patch_path(self, sha256: str) -> Path:
        """Where a patch lies until it was applied."""
        return self.installation.part_path(sha256 + PATCH)

    def expect_file(self, path: str, size_bytes: int) -> None:
        """Say that a small file will be fetched soon."""
        if self._foresight is not None:
            self._foresight.expect_file(path, size_bytes)

    def expect(self, publisher: str, spec: ObjectSpec, target: Path) -> None:
        """Say that `download` will be called with these soon."""
        if self._foresight is not None:
            part_path = self.installation.part_path(spec.sha256)
            repository = f"/repository/{publisher}"
            self._foresight.expect_object(spec, part_path, target, repository=repository)

    def forgo(self, target: Path) -> None:
        """Say that an object will not be fetched after all."""
        if self._foresight is not None:
            self._foresight.forgo_object(target)

    def download(
        self, publisher: str, spec: ObjectSpec, target: Path, heard: Optional[Heard]
    ) -> None:
        """Bring a publisher's object to its place."""
        self._road.download(
            spec,
            self.installation.part_path(spec.sha256),
            target,
            repository=f"/repository/{publisher}",
            progress=heard,
            cancel=self._cancel,
        )

    @property
    def is_partial(self) -> bool:
        """Whether the road leads to a place that knows what it has, and need not have all."""
        return self._holding is not None

    def offers(self, publisher: str, spec: ObjectSpec) -> bool:
        """Whether a publisher's object can be had, as far as that is known."""
        if self._holding is None:
            return True
        repository = f"/repository/{publisher}"
        return self._holding.has_object(spec.sha256, spec.size_bytes, repository=repository)

    def open_file(self, path: str) -> Optional[BinaryIO]:
        """Open a file of any size where it lies, in a place that can be read like a disk."""
        return self._holding.open_file(path) if self._holding is not None else None

    def spoil(self, path: str) -> None:
        """Say that a file is not what it should be: whoever has it may put it there again."""
        if self._holding is not None:
            self._holding.spoil(path)

    def watch(self, heard: Optional[Heard] = None) -> Watch:
        """Give what long work in `content` is watched with; use it within `stoppable`."""
        from content.watch import Watch

        def told(_: str, done_bytes: int, total_bytes: int) -> None:
            if heard is not None:
                heard(done_bytes, total_bytes)

        return Watch(told, self._cancel)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Let a cancel inside `content` end the sync like any other cancel."""
    from content import errors

    try:
        yield
    except errors.CancelledError as error:
        raise CancelledError(str(error)) from error


def ends_all(error: Exception) -> bool:
    """Tell what no other pack could escape: no link, no stick any more, a cancel, a full disk."""
    if not isinstance(error, SyncError):
        return False
    return error.fault is Fault.LINK or error.code in _ENDS_ALL
