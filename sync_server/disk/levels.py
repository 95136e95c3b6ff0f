"""How much of a disk is kept free, and for whom."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, NamedTuple

LARGE_KEEP_BYTES = 1 << 30
"""What lessons leave free for work on a large disk: years of records, and some thousand photos."""
LEAST_KEEP_BYTES = 640 << 20
"""On a small one: half of it is still more than attached files leave free for records."""

OPEN_BYTES = 1 << 20
"""Where less is free, not even the log beside a database can grow."""


class Usage(NamedTuple):
    """A disk as it stands."""

    total_bytes: int
    free_bytes: int


Look = Callable[[], Usage]


@dataclass(frozen=True)
class Levels:
    """No lesson comes that would leave less than ``keep_bytes``; below ``low_bytes`` lessons go.

    The two are apart, so that nothing that went is fetched again at once.
    """

    keep_bytes: int
    low_bytes: int


def levels(total_bytes: int) -> Levels:
    """Return the levels of a disk of this size."""
    keep_bytes = min(LARGE_KEEP_BYTES, max(LEAST_KEEP_BYTES, total_bytes // 10))
    return Levels(keep_bytes, keep_bytes // 2)


def looking_at(folder: Path) -> Look:
    """Return what looks at the disk on which a folder lies."""

    def look() -> Usage:
        found = shutil.disk_usage(folder)
        return Usage(found.total, found.free)

    return look


def is_full(folder: Path) -> bool:
    """Tell whether nothing more can be written where a folder lies."""
    with contextlib.suppress(OSError):
        return looking_at(folder)().free_bytes < OPEN_BYTES
    return False


def lacking_bytes(usage: Usage, size_bytes: int) -> int:
    """Return how much must go before a lesson of this size may come; 0 where it may."""
    free_after = usage.free_bytes - size_bytes
    return max(0, levels(usage.total_bytes).keep_bytes - free_after)


def to_free_bytes(usage: Usage) -> int:
    """Return how much of lessons must go now; 0 where there is no need."""
    wanted = levels(usage.total_bytes)
    return wanted.keep_bytes - usage.free_bytes if usage.free_bytes < wanted.low_bytes else 0
