"""What of the installed packs can be lent: media files, found by the hash that a manifest names."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, NamedTuple, Optional, Tuple

if TYPE_CHECKING:
    from content.installed import InstalledPack
    from content.manifest import MediaEntry

LOOK_AGAIN_S = 2.0
"""An object that is asked for and not known may have come since: so often it is looked."""
MOST_PROVEN = 4096


class Lent(NamedTuple):
    """A file that was verified."""

    path: Path
    size_bytes: int


class Shelf:
    """The objects of one folder of packs. For any number of threads; nothing of it is written."""

    def __init__(self, packs_folder: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder = packs_folder
        self._monotonic = monotonic
        self._guard = threading.Lock()
        self._names: Tuple[str, ...] = ()
        self._looked_s: Optional[float] = None
        self._entries: Dict[str, Tuple[InstalledPack, MediaEntry]] = {}
        self._proven: Dict[Tuple[str, int, int], bool] = {}

    def lists(self, sha256: str) -> bool:
        """Tell whether a manifest here names an object, be it here already or not."""
        with self._guard:
            self._look()
            return sha256 in self._entries

    def find(self, sha256: str) -> Optional[Lent]:
        """Give the verified file of an object; None where it is not here, or damaged."""
        with self._guard:
            self._look()
            found = self._entries.get(sha256)
            if found is None or not self._is_whole(*found):
                return None
        installed, entry = found
        return Lent(installed.folder / entry.path, entry.size_bytes)

    def _is_whole(self, installed: InstalledPack, entry: MediaEntry) -> bool:
        """Tell whether a file is here and good: it is read once, if it changed since it came."""
        from content.errors import ContentError

        path = installed.folder / entry.path
        try:
            state = path.lstat()
        except OSError:
            return False
        key = (entry.sha256, state.st_mtime_ns, state.st_size)
        if key not in self._proven:
            if len(self._proven) >= MOST_PROVEN:
                self._proven.clear()
            try:
                self._proven[key] = installed.has_whole_media(entry)
            except ContentError:
                return False
        return self._proven[key]

    def _look(self) -> None:
        """Read the manifests again where versions came or went."""
        from content.installation import Installation

        now_s = self._monotonic()
        if self._looked_s is not None and now_s - self._looked_s < LOOK_AGAIN_S:
            return
        self._looked_s = now_s
        names = tuple(_versions(self._folder))
        if names == self._names:
            return
        self._names = names
        self._entries = {}
        for installed in Installation(self._folder).installed():
            for entry in installed.manifest.media:
                known = self._entries.get(entry.sha256)
                if known is None or installed.has_media(entry):
                    self._entries[entry.sha256] = (installed, entry)


def _versions(folder: Path) -> Tuple[str, ...]:
    """The names of all versions' folders."""
    found = []
    for pack in _names_in(folder):
        if not pack.startswith("."):
            found += [f"{pack}/{version}" for version in _names_in(folder / pack)]
    return tuple(sorted(found))


def _names_in(folder: Path) -> Tuple[str, ...]:
    try:
        return tuple(one.name for one in os.scandir(str(folder)) if one.is_dir())
    except OSError:
        return ()
