"""A file that takes up room, so that there is some when a programme beside us has filled the disk.

When the database cannot grow any more, the file goes, and the next exchange finds room.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from sync_server.disk.levels import Usage, levels

NAME = "reserve"
SIZE_BYTES = 32 << 20
"""Some fifty thousand records."""
_BLOCK_BYTES = 1 << 20


class Reserve:
    """The reserve of one data folder."""

    def __init__(self, data: Path, size_bytes: int = SIZE_BYTES) -> None:
        self.path = data / NAME
        self.size_bytes = size_bytes

    def lay(self, usage: Usage) -> bool:
        """Set the room aside, where there is more than is kept free; return whether it is there."""
        if self._is_whole():
            return True
        if usage.free_bytes < levels(usage.total_bytes).low_bytes + self.size_bytes:
            return False
        try:
            self._write()
        except OSError:
            self.spend()
        return self._is_whole()

    def spend(self) -> bool:
        """Give the room back; return whether there was any."""
        with contextlib.suppress(OSError):
            self.path.unlink()
            return True
        return False

    def _is_whole(self) -> bool:
        with contextlib.suppress(OSError):
            return self.path.stat().st_size >= self.size_bytes
        return False

    def _write(self) -> None:
        left = self.size_bytes
        with self.path.open("wb") as file:
            while left:
                # Noise: what can be compressed takes no room on some disks.
                left -= file.write(os.urandom(min(left, _BLOCK_BYTES)))
            file.flush()
            os.fsync(file.fileno())
