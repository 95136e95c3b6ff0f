"""The computer: disk and clock, whether the server runs, the line above, the last backup."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from pathlib import Path
from typing import Iterator, List

from sync_server.attachments.uploads import RESERVE_BYTES
from sync_server.commands.output import counted
from sync_server.data_folder import DataFolder
from sync_server.disk.levels import Usage, levels
from sync_server.doctor.finding import Finding, advice, ill, mended, well
from sync_server.installing.linux import UNIT
from sync_server.network.addresses import answers_at
from sync_server.pages.advice import BACKUP_DAYS, is_fault
from sync_server.pages.words import Words
from sync_server.relay.night import problem_name
from sync_server.relay.planning import waiting_records
from sync_server.school_clock import CLOSE_MS, SchoolClock
from sync_server.settings import LAST_BACKUP, whereabouts
from sync_server.store.protocol import Store

DISK, CLOCK, RUNNING, ABOVE, BACKUP, LEFTOVERS = (
    "disk",
    "clock",
    "running",
    "above",
    "backup",
    "leftovers",
)
DAY_MS = 86_400_000
SILENT_DAYS = 2
LEFTOVER_S = 86_400.0
EARLIEST_MS = 1_735_689_600_000
"""The first of January 2025: no computer that is right says less."""
_FOLDERS = (".staging", ".backup", ".restoring", ".rebuilding", ".update")


def look_at_disk(usage: Usage) -> Iterator[Finding]:
    """Tell how much room there is, and for what."""
    size = Words("en").size
    free, total = size(usage.free_bytes), size(usage.total_bytes)
    if usage.free_bytes < RESERVE_BYTES:
        said = f"The disk is full ({free} of {total} free): photos are turned away, and soon work."
        yield ill(DISK, f"{said} Remove what does not belong to Keruen, or take a larger disk.")
    elif usage.free_bytes < levels(usage.total_bytes).keep_bytes:
        yield advice(DISK, f"{free} of {total} are free: kept for work, no more lessons come.")
    else:
        yield well(DISK, f"{free} of {total} are free.")


def look_at_clock(clock: SchoolClock) -> Iterator[Finding]:
    """Compare the machine's clock with what the server above said last."""
    machine_ms, now_ms = clock.machine_ms(), clock.now_ms()
    shown = time.strftime("%d.%m.%Y %H:%M", time.gmtime(machine_ms / 1000))
    if abs(machine_ms - now_ms) >= CLOSE_MS:
        off_h = (machine_ms - now_ms) / 3_600_000
        said = f"This computer's clock is wrong by {off_h:+.1f} h; the time of the server above"
        yield advice(CLOCK, f"{said} is used instead. Set the clock, and see to its battery.")
    elif machine_ms < EARLIEST_MS:
        said = f"This computer's clock says {shown} (UTC), which is long past: set it."
        yield ill(CLOCK, f"{said} Laptops take their time from here.")
    else:
        yield well(CLOCK, f"The clock says {shown} (UTC).")


def look_at_running(store: Store) -> Iterator[Finding]:
    """Ask the server where it listened last, and whether it starts with the computer."""
    host, port = whereabouts(store)
    if answers_at(host, port):
        yield well(RUNNING, f"The server answers at port {port}.")
    else:
        yield advice(RUNNING, f"The server does not answer at port {port}: start it, or install.")
    if sys.platform != "win32" and UNIT.exists():
        missing = [one for one in _programs(UNIT) if not Path(one).exists()]
        if missing:
            said = f"It cannot start with the computer, for {missing[0]} is gone"
            yield ill(RUNNING, f"{said}: give the command install once more.")


def _programs(unit: Path) -> List[str]:
    with contextlib.suppress(OSError):
        for line in unit.read_text(encoding="utf-8").splitlines():
            if line.startswith("ExecStart="):
                first = line.partition("=")[2].lstrip()
                return [first[1:].partition('"')[0] if first[:1] == '"' else first.split()[0]]
    return []


def look_above(store: Store, now_ms: int) -> Iterator[Finding]:
    """Tell of each server above when it was last heard of, and why the last turn ended."""
    with store.transaction() as transaction:
        upstreams = [
            (one, waiting_records(transaction, one.id), transaction.setting(problem_name(one.id)))
            for one in transaction.upstreams()
        ]
    for one, waiting, problem in upstreams:
        name = one.name or one.address
        if is_fault(problem or ""):
            said = f"{name} at {one.address} does not answer as was agreed"
        elif one.last_contact_ms is None:
            said = f"{name} at {one.address} was never reached"
        elif now_ms - one.last_contact_ms > SILENT_DAYS * DAY_MS:
            days = (now_ms - one.last_contact_ms) // DAY_MS
            said = f"{name} was last reached {days} days ago, and {waiting} records wait for it"
        else:
            yield well(ABOVE, f"{name} was reached; {waiting} records wait for it.")
            continue
        why = f" ({problem})" if problem else ""
        yield advice(ABOVE, f"{said}{why}: check the line, the address and the hours allowed.")


def look_at_backup(store: Store, now_ms: int) -> Iterator[Finding]:
    """Tell how old the last backup is."""
    with store.transaction() as transaction:
        made_ms = transaction.setting(LAST_BACKUP)
    if made_ms is None:
        yield advice(BACKUP, "There is no backup yet: keruen-server backup.")
        return
    days = max(0, now_ms - int(made_ms)) // DAY_MS
    if days > BACKUP_DAYS:
        yield advice(BACKUP, f"The last backup was made {days} days ago: make another one.")
    else:
        when = f"{counted(days, 'day')} ago" if days else "today"
        yield well(BACKUP, f"The last backup was made {when}.")


def look_at_leftovers(folder: DataFolder, now_s: float, *, mend: bool) -> Iterator[Finding]:
    """Find what something that was cut short left behind over a day ago."""
    tops = [folder.root, *(path for path in folder.repositories.glob("*") if path.is_dir())]
    places = [top / name for top in tops for name in _FOLDERS]
    old = [path for path in places if path.is_dir() and _untouched_s(path, now_s) > LEFTOVER_S]
    # Parts of downloads in a repository's staging are gone on with.
    old = [path for path in old if not any(path.glob("*.part"))]
    if not old:
        yield well(LEFTOVERS, "Nothing that was cut short lies about.")
    elif not mend:
        yield ill(LEFTOVERS, f"{old[0]} was left by something cut short.", mendable=True)
    else:
        for path in old:
            shutil.rmtree(path, ignore_errors=True)
        yield mended(LEFTOVERS, f"{len(old)} folders that something cut short left are gone.")


def _untouched_s(path: Path, now_s: float) -> float:
    newest = max(one.stat().st_mtime for one in (path, *path.rglob("*")))
    return now_s - newest
