"""Which bytes of files a programme had put on the disk for good when its power went."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict


def note_flushes(ledger: Path) -> None:
    """Note every flush of this process from now on: an inode, and how large the file was then."""
    file = ledger.open("a", buffering=1, encoding="ascii")
    flush = os.fsync

    def noted(handle: int) -> None:
        flush(handle)
        status = os.fstat(handle)
        file.write(f"{status.st_ino} {status.st_size}\n")

    os.fsync = noted


def flushed(ledger: Path) -> Dict[int, int]:
    """Return the size up to which each file, by its inode, is on the disk for good."""
    sizes: Dict[int, int] = {}
    if ledger.exists():
        for line in ledger.read_text("ascii").split("\n")[:-1]:
            inode, size_bytes = map(int, line.split())
            sizes[inode] = size_bytes
    return sizes


def lose_the_rest(folder: Path, ledger: Path) -> int:
    """Cut every unfinished file off where it was flushed last; return how many bytes that cost."""
    sizes, lost_bytes = flushed(ledger), 0
    for path in folder.rglob("*.part"):
        status = path.stat()
        kept_bytes = min(sizes.get(status.st_ino, 0), status.st_size)
        lost_bytes += status.st_size - kept_bytes
        os.truncate(path, kept_bytes)
    return lost_bytes
