"""A stick's folder ``KERUEN`` as everybody here sees it: whole files under names, in order.

All paths are below that folder, with ``/`` between their parts. A file is immutable under its
name: it is written as ``<name>.new``, flushed, renamed, and its folder flushed, so that a stick
pulled out in between holds the file whole or not at all. What a file system loses or tears
nevertheless, its reader notices: every file proves itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, ContextManager, Iterable, Optional, Protocol, Sequence, Tuple

from sync.errors import StickError
from sync.sticks.folder_medium import DiskMedium, FolderMedium
from sync.sticks.layout import FOLDER
from sync.sticks.medium import MediumVolume


class Volume(Protocol):
    """A stick as its users see it. Every method may raise StickError.

    ``stick-gone``, ``stick-failed``; of those that write ``stick-full``, ``stick-read-only`` and
    ``stick-busy`` as well.
    """

    @property
    def writable(self) -> bool:
        """Whether anything can be written."""
        ...

    def names(self, folder: str) -> Tuple[str, ...]:
        """Return the sorted names of files and folders; of unfinished files none."""
        ...

    def size_bytes(self, path: str) -> Optional[int]:
        """Return a file's size; None when there is no such file."""
        ...

    def read(self, path: str, limit_bytes: int, *, fresh: bool = False) -> Optional[bytes]:
        """Return a file's bytes, None when there is no such file.

        ``fresh``: from the medium, not from what the system remembers of writing it.

        Raises:
            StickError: ``stick-damaged`` as well: it has more than ``limit_bytes``.
        """
        ...

    def open(self, path: str) -> BinaryIO:
        """Open a file for reading; what is read from it may raise StickErrors.

        Raises:
            StickError: ``stick-damaged`` as well: there is no such file.
        """
        ...

    def write(self, path: str, parts: Iterable[bytes]) -> None:
        """Write a file durably, in place of one of that name; all of it or nothing.

        An error, of ``parts`` as well, leaves what was there before.
        """
        ...

    def write_from(self, path: str, parts: Iterable[bytes], start_bytes: int = 0) -> None:
        """Write a large file durably behind the first bytes of an unfinished one.

        An error leaves the unfinished file, of which all but the last 64 MiB are on the
        medium. What of it is right, the caller finds out (``open_begun``).
        """
        ...

    def begin(self, path: str, parts: Iterable[bytes], start_bytes: int = 0) -> None:
        """Write a file as ``write_from`` does, but leave it begun until ``finish`` names it."""
        ...

    def finish(self, paths: Sequence[str]) -> None:
        """Give begun files their names: first all their bytes are on the medium, then the names."""
        ...

    def begun(self, folder: str) -> Tuple[str, ...]:
        """Return the sorted names of files in a folder that somebody began and did not finish."""
        ...

    def begun_bytes(self, path: str) -> int:
        """Return how many bytes there are of a file that was begun; 0 when none was."""
        ...

    def open_begun(self, path: str) -> BinaryIO:
        """Open what there is of a file that was begun."""
        ...

    def drop_begun(self, path: str) -> None:
        """Remove what there is of a file that was begun."""
        ...

    def remove(self, path: str) -> None:
        """Remove a file; it is fine when there is none. On the medium at the next ``flush``."""
        ...

    def free_bytes(self) -> int:
        """Return how many bytes may still be written."""
        ...

    def flush(self) -> None:
        """Put everything on the medium: after it the stick may be taken out."""
        ...

    def held(self) -> ContextManager[None]:
        """Keep other programmes from working on the stick meanwhile; none holds a read-only one.

        Nothing goes wrong without it, but for doing some things twice.

        Raises:
            StickError: ``stick-busy`` as well.
        """
        ...


class FolderVolume(MediumVolume):
    """The volume in a folder ``KERUEN`` (or a bag's folder) of the system's."""

    def __init__(self, path: Path) -> None:
        """Use the folder at ``path``, which is there."""
        super().__init__(FolderMedium(path))
        self.path = path


class DiskVolume(MediumVolume):
    """A bag: laid out as a stick, but what the disk refuses is ObjectError ``disk-...``."""

    def __init__(self, path: Path) -> None:
        """Use the folder at ``path``, which is there."""
        super().__init__(DiskMedium(path))
        self.path = path


def find_stick(root: Path) -> Optional[FolderVolume]:
    """Return the volume of a drive, or of any folder, that has a folder ``KERUEN``; or None.

    Whether it may be written, its marker says (`sync.sticks.marker.read_marker`).

    Raises:
        StickError: the drive cannot be read.
    """
    if FolderMedium(root).has_folder(FOLDER):
        return FolderVolume(root / FOLDER)
    return None


def make_folder(root: Path) -> FolderVolume:
    """Return the volume of a drive, making its folder ``KERUEN`` where it has none.

    Raises:
        StickError: the drive cannot be written; ``stick-damaged``: something else has that name.
    """
    medium = FolderMedium(root)
    if not medium.has_folder(FOLDER):
        if FOLDER in medium.entries(""):
            raise StickError("stick-damaged", f"{FOLDER} is not a folder")
        if medium.make_folder(FOLDER):
            medium.flush_folder("")
    return FolderVolume(root / FOLDER)
