"""The machine: its clock, the room on its disk, and what a crash left lying about."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path
from typing import Iterator, List, Optional

from client.health.finding import Finding, advice, ill, mended, well
from client.laptop.attaching.attachments import FOLDER, ORPHAN_S, Attachments
from client.laptop.machine.recovering import last_notice
from client.laptop.storage.database import NAME
from client.laptop.storage.tidying import tidy
from client.laptop.store import Store
from client.laptop.syncing.link_words import megabytes
from client.laptop.videos.media import RESERVE_BYTES

CLOCK, DISK, LEFTOVERS, RESETS = "clock", "disk", "leftovers", "resets"
DAY_MS = 86_400_000
FULL_BYTES = 32 << 20
"""With less, what a pupil writes next may not fit any more."""
_ASIDE = ("salvage-*", NAME + ".rebuilding*")


def look_at_clock(store: Store) -> List[Finding]:
    """Compare this machine's clock with the school's last known time."""
    membership = store.membership
    if membership is None or not membership.enrolled:
        return []
    away_ms = store.now_ms() - store.clock.now_ms()
    days = round(abs(away_ms) / DAY_MS)
    if days < 1:
        return [well(CLOCK, "doctor.clock-right")]
    key = "doctor.clock-behind" if away_ms > 0 else "doctor.clock-ahead"
    return [advice(CLOCK, key, n=days)]


def look_at_resets(store: Store) -> List[Finding]:
    """Say that the laptop was copied or set back lately, and where its data outlive that."""
    said = last_notice(store)
    return [] if said is None else [advice(RESETS, "doctor.set-back", said=said)]


def look_at_disk(store: Store, mend: bool, free_bytes: Optional[int] = None) -> List[Finding]:
    """Tell how much room is left; make some where that is wished.

    Work that no receipt covers never goes. ``free_bytes`` is asked of the system by default.
    """
    free = _free(store.folder) if free_bytes is None else free_bytes
    if free >= RESERVE_BYTES:
        return [well(DISK, "doctor.disk-room", size=megabytes(free))]
    if not mend:
        state = ill if free < FULL_BYTES else advice
        return [state(DISK, "doctor.disk-short", size=megabytes(free))]
    tidy(store, free)
    Attachments(store).make_room(RESERVE_BYTES)
    after = _free(store.folder) if free_bytes is None else free
    if after >= RESERVE_BYTES:
        return [mended(DISK, "doctor.disk-tidied", size=megabytes(after))]
    state = ill if after < FULL_BYTES else advice
    return [state(DISK, "doctor.disk-short", size=megabytes(after))]


def look_at_leftovers(store: Store, mend: bool) -> List[Finding]:
    """Find what a crash left behind more than a day ago, and remove it where that is wished."""
    left = list(_leftovers(store.folder))
    if not left:
        return []
    size = megabytes(sum(_size(path) for path in left))
    names = ", ".join(path.name for path in left)
    if not mend:
        finding = advice(LEFTOVERS, "doctor.leftovers", names, n=len(left), size=size)
        return [finding]
    for path in left:
        if path.is_dir():
            shutil.rmtree(str(path), ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()
    return [mended(LEFTOVERS, "doctor.leftovers-removed", names, n=len(left), size=size)]


def _leftovers(folder: Path) -> Iterator[Path]:
    old_s = time.time() - ORPHAN_S
    for place, pattern in (*((folder, one) for one in _ASIDE), (folder / FOLDER, "*.sealing")):
        for path in sorted(place.glob(pattern)):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < old_s:
                    yield path


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    size_bytes = 0
    for one in files:
        with contextlib.suppress(OSError):
            size_bytes += one.stat().st_size if one.is_file() else 0
    return size_bytes


def _free(folder: Path) -> int:
    return shutil.disk_usage(str(folder)).free
