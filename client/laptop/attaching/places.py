"""Where a pupil may look for a file to attach: the places of this machine, and what lies in one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

from client.laptop.attaching.file_types import PHOTOS, ending_of, may_be_attached
from sync.sticks import drives

MAX_ENTRIES = 60
"""Folders, and files: an old machine draws so many at once."""
MAX_LOOKED_AT = 5000
"""A folder of a camera may hold more."""
_OWN = ("Pictures", "Documents", "Downloads", "Desktop", "Music")
_ANDROIDS = Path("/storage/emulated/0")
"""Where Android keeps photos and what was downloaded."""


@dataclass(frozen=True)
class Entry:
    """A folder or a file that may be attached."""

    path: Path
    is_folder: bool
    size_bytes: int = 0

    @property
    def name(self) -> str:
        """What it is called: a drive by its letter."""
        return self.path.name or str(self.path)

    @property
    def is_photo(self) -> bool:
        """Whether it becomes a photo."""
        return not self.is_folder and ending_of(self.path.name) in PHOTOS


@dataclass(frozen=True)
class Listing:
    """What lies in a folder: folders by name, then files, the newest first.

    ``folder`` is None for the list of places; ``parent`` None where up leads to that list.
    """

    folder: Optional[Path]
    entries: Tuple[Entry, ...]
    parent: Optional[Path] = None
    readable: bool = True
    more: bool = False


def places() -> Listing:
    """List sticks and drives first, then the user's own folders."""
    sticks = [drive.root for drive in drives.drives()]
    own = [Path.home() / name for name in _OWN]
    found: List[Path] = [*sticks, _ANDROIDS, *own, Path.home()]
    there = dict.fromkeys(path for path in found if _is_folder(path))
    return Listing(None, tuple(Entry(path, True) for path in there))


def listing(folder: Path) -> Listing:
    """List a folder; one that cannot be read is said to be so, and empty."""
    folders: List[Entry] = []
    files: List[Tuple[float, Entry]] = []
    try:
        with os.scandir(str(folder)) as found:
            for looked_at, one in enumerate(found):
                if looked_at == MAX_LOOKED_AT:
                    break
                _sort_in(one, folders, files)
    except OSError:
        return Listing(folder, (), _parent(folder), readable=False)
    folders.sort(key=lambda entry: entry.name.casefold())
    newest = [entry for _, entry in sorted(files, key=lambda one: one[0], reverse=True)]
    entries = [*folders[:MAX_ENTRIES], *newest[:MAX_ENTRIES]]
    more = len(entries) < len(folders) + len(newest)
    return Listing(folder, tuple(entries), _parent(folder), more=more)


def _sort_in(one: os.DirEntry[str], folders: List[Entry], files: List[Tuple[float, Entry]]) -> None:
    try:
        if one.name.startswith((".", "$", "~")):
            return
        if one.is_dir():
            folders.append(Entry(Path(one.path), True))
        elif may_be_attached(one.name) and one.is_file():
            status = one.stat()
            files.append((status.st_mtime, Entry(Path(one.path), False, status.st_size)))
    except OSError:
        # A stick that was pulled out meanwhile, a link to nowhere.
        return


def _parent(folder: Path) -> Optional[Path]:
    known = {entry.path for entry in places().entries}
    return None if folder in known or folder.parent == folder else folder.parent


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
