"""What a power cut may leave of a SQLite database that was being written: torn pages and a tail.

A commit is on the disk when its log is. What was on its way is not: pages that a checkpoint was
copying into the database, which still stand in the log, and frames of the log after the last
commit. Both are torn here as a disk would, whatever the process had got done
(https://www.sqlite.org/fileformat2.html, section 4, and https://www.sqlite.org/atomiccommit.html).
"""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

SECTOR_BYTES = 512
_LOG_HEAD_BYTES, _FRAME_HEAD_BYTES = 32, 24
_BIG_ENDIAN_SUMS = 0x377F0683


class Log(NamedTuple):
    """The frames of a log that count: pages by number, and where the last commit ends."""

    page_bytes: int
    pages: Dict[int, bytes]
    end: int


def read_log(data: bytes) -> Log:
    """Read the frames up to the last commit, as SQLite would after a crash."""
    if len(data) < _LOG_HEAD_BYTES:
        return Log(0, {}, 0)
    magic, _, page_bytes, _, salt1, salt2, sum1, sum2 = struct.unpack(">8I", data[:32])
    order = ">" if magic == _BIG_ENDIAN_SUMS else "<"
    sums = _sums(order, data[:24], (0, 0))
    pages: Dict[int, bytes] = {}
    waiting: Dict[int, bytes] = {}
    at, end = _LOG_HEAD_BYTES, 0
    while sums == (sum1, sum2) and at + _FRAME_HEAD_BYTES + page_bytes <= len(data):
        head = data[at : at + _FRAME_HEAD_BYTES]
        page = data[at + _FRAME_HEAD_BYTES : at + _FRAME_HEAD_BYTES + page_bytes]
        number, commit, found1, found2, sum1, sum2 = struct.unpack(">6I", head)
        sums = _sums(order, page, _sums(order, head[:8], sums))
        if (found1, found2) != (salt1, salt2) or sums != (sum1, sum2):
            break
        waiting[number] = page
        at += _FRAME_HEAD_BYTES + page_bytes
        if commit:
            pages.update(waiting)
            waiting, end = {}, at
    return Log(page_bytes, pages, end)


def tear(database: Path, chance: random.Random) -> int:
    """Tear what was on its way when the power went; return how many pages and frames that were."""
    log = Path(f"{database}-wal")
    if not log.exists():
        return 0
    data = log.read_bytes()
    found = read_log(data)
    torn = [number for number in found.pages if chance.random() < 0.5]
    with database.open("r+b") as file:
        for number in torn:
            file.seek((number - 1) * found.page_bytes)
            old = file.read(found.page_bytes).ljust(found.page_bytes, b"\0")
            file.seek((number - 1) * found.page_bytes)
            file.write(_mixed(old, found.pages[number], chance))
    with log.open("r+b") as file:
        file.seek(max(found.end, _LOG_HEAD_BYTES) if found.pages else len(data))
        file.truncate()
        if found.pages:
            file.write(_half_a_commit(data, found, chance))
    return len(torn) + 1


def _mixed(old: bytes, new: bytes, chance: random.Random) -> bytes:
    sectors: List[bytes] = []
    for at in range(0, len(new), SECTOR_BYTES):
        noise = chance.randbytes(min(SECTOR_BYTES, len(new) - at))
        whole = old[at : at + SECTOR_BYTES], new[at : at + SECTOR_BYTES]
        sectors.append(chance.choice((*whole, noise)))
    return b"".join(sectors)


def _half_a_commit(data: bytes, log: Log, chance: random.Random) -> bytes:
    """Frames that look like the next ones, and of which not all sectors came to the disk."""
    frame = data[log.end - _FRAME_HEAD_BYTES - log.page_bytes : log.end]
    tail = b"".join(
        frame[:16] + chance.randbytes(8) + frame[_FRAME_HEAD_BYTES:]
        for _ in range(chance.randrange(4))
    )
    return tail[: chance.randrange(len(tail) + 1)]


def _sums(order: str, data: bytes, sums: Tuple[int, int]) -> Tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & 0xFFFFFFFF
        second = (second + words[at + 1] + first) & 0xFFFFFFFF
    return first, second
