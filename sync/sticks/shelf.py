"""What lies on a stick, where one bad file counts as missing and hides no other."""

from __future__ import annotations

import contextlib
from typing import List, Optional, Tuple

from sync.errors import StickError
from sync.sticks.volume import Volume

ONE_FILE = frozenset(("stick-damaged", "stick-failed"))
"""What may be wrong with one file alone."""


class Shelf:
    """A stick as `content.carrying` looks at it. ``damaged`` are paths that could not be read."""

    def __init__(self, volume: Volume) -> None:
        """Look at ``volume``."""
        self._volume = volume
        self.damaged: List[str] = []

    def names(self, folder: str) -> Tuple[str, ...]:
        """Return what is in a folder; raises StickError where the stick is gone."""
        try:
            return self._volume.names(folder)
        except StickError as error:
            self._note(error, folder)
            return ()

    def size_bytes(self, path: str) -> Optional[int]:
        """Return a file's size; None where it is missing."""
        return self._volume.size_bytes(path)

    def read(self, path: str, limit_bytes: int) -> Optional[bytes]:
        """Return a small file; None where it is missing, or damaged: then it is removed."""
        try:
            return self._volume.read(path, limit_bytes)
        except StickError as error:
            self._note(error, path)
            self.remove(path)
            return None

    def remove(self, path: str) -> None:
        """Remove what is damaged, where that can be: whoever has it writes it again."""
        if self._volume.writable:
            with contextlib.suppress(StickError):
                self._volume.remove(path)

    def _note(self, error: StickError, path: str) -> None:
        if error.code not in ONE_FILE:
            raise error
        self.damaged.append(path)
