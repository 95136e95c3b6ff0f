"""Where the tests' files lie: in memory where the system has room for them, else on the disk.

Tests flush tens of thousands of small files, and a disk makes each of them wait. Nothing is lost: a
test can see that a flush was asked for, and when, but never whether it reached a disk. What kill -9
leaves behind is the system's memory on either; power cuts are played by the tests themselves.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Iterator, Optional

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of ours in it, nobody else's to read
NEEDED_BYTES = 2 << 30
"""Several times what the tests hold at any moment."""
_PREFIX = "keruen-tests-"


@contextlib.contextmanager
def folder(memory: Path = MEMORY) -> Iterator[Optional[Path]]:
    """Give a folder in memory that is gone afterwards; None where there is no room for one."""
    _clear_abandoned(memory)
    if _room_bytes(memory) < NEEDED_BYTES:
        yield None
        return
    made = memory / f"{_PREFIX}{os.getpid()}"
    try:
        made.mkdir(mode=0o700)
    except OSError:
        yield None
        return
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _room_bytes(memory: Path) -> int:
    """What may be put there: what its file system takes, and what the machine has free."""
    try:
        return min(shutil.disk_usage(memory).free, _available_bytes())
    except (OSError, ValueError):
        return 0


def _available_bytes(table: Path = Path("/proc/meminfo")) -> int:
    for line in table.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return 0


def _clear_abandoned(memory: Path) -> None:
    """Remove what a run left that was killed: memory is not given back by itself."""
    for left in memory.glob(f"{_PREFIX}*"):
        number = left.name[len(_PREFIX) :]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
