"""What a stick in an image file holds when it is pulled out: some sectors written, others not."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Callable

from sync.sticks.medium import Medium

SECTOR_BYTES = 512
_BLOCK_BYTES = 1 << 16


def tear(before: Path, after: Path, into: Path, chance: random.Random) -> int:
    """Write an image with each sector from either of two; return how many sectors differ.

    ``before`` is what was flushed, ``after`` what the file system has written since, which it may
    have done in any order.
    """
    differing = 0
    with before.open("rb") as old, after.open("rb") as new, into.open("wb") as torn:
        for block in iter(lambda: old.read(_BLOCK_BYTES), b""):
            other = new.read(_BLOCK_BYTES)
            if block == other:
                torn.write(block)
                continue
            for at in range(0, len(block), SECTOR_BYTES):
                sectors = block[at : at + SECTOR_BYTES], other[at : at + SECTOR_BYTES]
                differing += sectors[0] != sectors[1]
                torn.write(chance.choice(sectors))
    return differing


class WatchedMedium:
    """Calls ``look`` before each step of a medium that changes something."""

    def __init__(self, medium: Medium, look: Callable[[], None]) -> None:
        self._medium = medium
        self._look = look

    def __getattr__(self, name: str) -> object:
        found = getattr(self._medium, name)
        if name not in ("create", "make_folder", "rename", "remove", "flush_folder", "flush"):
            return found

        def watched(*arguments: object) -> object:
            self._look()
            made = found(*arguments)
            return _WatchedSink(made, self._look) if name == "create" else made

        return watched


class _WatchedSink:
    def __init__(self, sink: object, look: Callable[[], None]) -> None:
        self._sink = sink
        self._look = look

    def __getattr__(self, name: str) -> object:
        found = getattr(self._sink, name)

        def watched(*arguments: object) -> object:
            self._look()
            return found(*arguments)

        return watched
