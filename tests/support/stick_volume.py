"""A stick in memory: a volume with the order of writes of a real one, on a medium that forgets."""

from __future__ import annotations

import random
from typing import Dict

from sync.sticks.medium import MediumVolume
from tests.support.memory_medium import MemoryMedium


class MemoryVolume(MediumVolume):
    """Use ``medium`` to count, to break and to look: see MemoryMedium."""

    def __init__(self, capacity_bytes: int = 1 << 40, *, is_disk: bool = False) -> None:
        """Be a stick, or with ``is_disk`` a bag on the machine's own disk."""
        self.medium = MemoryMedium(capacity_bytes)
        self.medium.is_disk = is_disk
        super().__init__(self.medium)

    @property
    def steps(self) -> int:
        """How much was asked of the medium: every number up to it is a moment to pull it out."""
        return self.medium.steps

    def fail_at(self, step: int, code: str = "stick-gone") -> None:
        """Fail at a step (counted as ``steps``): for ever when it is gone, else that once."""
        self.medium.fail_at, self.medium.failure = step, code

    def pull(self, chance: random.Random, *, torn_folders: bool = False) -> None:
        """Take it out and put it in again: what was not flushed may be lost, torn, reordered."""
        self.medium.pull(chance, torn_folders=torn_folders)

    def flip(self, path: str, at: int, mask: int = 1) -> None:
        """Let the medium forget what a byte of a file was."""
        self.medium.flip(path, at, mask)

    def put(self, path: str, data: bytes) -> None:
        """Lay a file there as a stranger would: any name, any bytes."""
        self.medium.put(path, data)

    def files(self) -> Dict[str, bytes]:
        """Return all files, unfinished ones included."""
        return self.medium.files()

    def make_read_only(self) -> None:
        """Move the little switch."""
        self.medium.writable = False
