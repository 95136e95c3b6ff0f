"""The road over a stick: packs, as a server has them below ``/repository/``, in a folder.

A stick holds what somebody chose, not all that its catalogues list: whoever asks finds out first
what it has (`sync.roads.road.Holding`). Letters travel otherwise (`sync.sticks.correspondence`).
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import BinaryIO, List, Optional, Tuple

from sync.errors import CancelledError, LinkError, ObjectError, StickError
from sync.objects import Download, ObjectSpec
from sync.roads.road import Cancel, Progress
from sync.roads.wish import is_here
from sync.sticks import layout
from sync.sticks.objects import AHEAD_BYTES, has_object, read_blocks, remove_object
from sync.sticks.read_ahead import read_ahead
from sync.sticks.shelf import ONE_FILE, Shelf
from sync.sticks.volume import Volume

SYNC_BYTES = 16 << 20
"""What comes from a stick comes again quickly: the laptop's old disk need not stop at each MiB."""

_PATH = re.compile(r"/repository(?:/[a-z0-9][a-z0-9._-]{0,99}(?<!\.)(?<!\.new)){2,6}\Z")
_TRUST = re.compile(r"/repository/[^/]+/(trust/.+)\Z")
_DAMAGED = frozenset(("object-damaged", "object-size", *ONE_FILE))


class StickRoad:
    """A road from one stick. ``damaged`` names the files that were not what they should be.

    Those are removed where the stick can be written, so that the next who has them lays them there
    again.
    """

    def __init__(self, volume: Volume) -> None:
        """Take packs from ``volume``."""
        self._volume = volume
        self.shelf = Shelf(volume)
        self.requests = 0
        self.sent_bytes = 0
        self.received_bytes = 0

    @property
    def damaged(self) -> Tuple[str, ...]:
        """Paths on the stick of what was found damaged."""
        return tuple(self.shelf.damaged)

    def exchange(self, request: bytes) -> bytes:
        """Raise LinkError ``link-unreachable``: no server is on a stick."""
        del request
        raise LinkError("link-unreachable", "a stick carries letters")

    def enrol(self, request: bytes) -> bytes:
        """Raise LinkError ``link-unreachable``: no server is on a stick."""
        del request
        raise LinkError("link-unreachable", "a stick carries letters")

    def has_file(self, path: str) -> bool:
        """Tell whether a file is there, by its path as on a server."""
        return _PATH.match(path) is not None and self._volume.size_bytes(path[1:]) is not None

    def has_object(self, sha256: str, size_bytes: int, *, repository: str) -> bool:
        """Tell whether an object is there in full size."""
        return has_object(self._volume, _object_path(repository, sha256), size_bytes)

    def open_file(self, path: str) -> Optional[BinaryIO]:
        """Open a file of any size, by its path as on a server; None where it is missing.

        Raises:
            StickError: the stick is gone, also while the file is read.
        """
        if not self.has_file(path):
            return None
        self.requests += 1
        return self._volume.open(path[1:])

    def spoil(self, path: str) -> None:
        """Say that a file is not what it should be, by its path as on a server."""
        self.shelf.damaged.append(path[1:])
        self.shelf.remove(path[1:])

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """Return a small file.

        Raises:
            ObjectError: ``object-missing``: it is missing, or cannot be read.
            StickError: the stick is gone.
        """
        if not _PATH.match(path):
            raise ObjectError("object-missing", path)
        self.requests += 1
        for place in self._places(path):
            data = self.shelf.read(place, max_bytes)
            if data is not None:
                self.received_bytes += len(data)
                return data
        raise ObjectError("object-missing", path)

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
        """Bring a verified object to its place, going on where an earlier call stopped.

        Raises:
            ObjectError: ``object-missing``; ``object-damaged``: it is removed from the stick;
                ``disk-full`` or ``disk-failed`` of the laptop's disk.
            StickError: the stick is gone.
            CancelledError: ``cancel`` said so.
        """
        if is_here(spec, final_path):
            return
        path = _object_path(repository, spec.sha256)
        self.requests += 1
        with Download(spec, part_path, sync_bytes=SYNC_BYTES) as download:
            try:
                self._read(path, download, progress, cancel)
            except (ObjectError, StickError) as error:
                if error.code not in _DAMAGED:
                    raise
                self._spoil_object(path)
                raise ObjectError("object-damaged", path) from error
            download.finish(final_path)

    def _read(
        self,
        path: str,
        download: Download,
        progress: Optional[Progress],
        cancel: Optional[Cancel],
    ) -> None:
        spec = download.spec
        left_bytes = spec.size_bytes - download.position_bytes
        if not left_bytes:
            return
        blocks = read_ahead(
            read_blocks(self._volume, path, download.position_bytes), left_bytes >= AHEAD_BYTES
        )
        with contextlib.closing(blocks):
            for block in blocks:
                download.write(block)
                self.received_bytes += len(block)
                if progress is not None:
                    progress(download.position_bytes, spec.size_bytes)
                if cancel is not None and cancel():
                    raise CancelledError(spec.sha256)
        if not download.complete:
            raise ObjectError("object-size", path)

    def _spoil_object(self, path: str) -> None:
        self.shelf.damaged.append(path)
        if self._volume.writable:
            with contextlib.suppress(StickError):
                remove_object(self._volume, path)

    def _places(self, path: str) -> List[str]:
        """Where a file may lie: files of trust are the same for all publishers."""
        trust = _TRUST.match(path)
        if trust is None or self._volume.size_bytes(path[1:]) is not None:
            return [path[1:]]
        folders = [layout.publisher_folder(one) for one in self._volume.names(layout.REPOSITORY)]
        places = [f"{folder}/{trust[1]}" for folder in folders]
        sizes = {place: self._volume.size_bytes(place) for place in places}
        # Lists of withdrawals only grow: the longest is the newest.
        there = [(size_bytes, place) for place, size_bytes in sizes.items() if size_bytes]
        return [place for _, place in sorted(there, reverse=True)]

    def close(self) -> None:
        """Do nothing: a stick is let go of by whoever took it."""


def _object_path(repository: str, sha256: str) -> str:
    return f"{repository[1:]}/objects/{sha256[:2]}/{sha256}"
