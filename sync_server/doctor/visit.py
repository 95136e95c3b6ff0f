"""One visit of the doctor: everything is looked at, and one ill part hides no other."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Tuple

from sync.finding import State
from sync_server.data_folder import DataFolder
from sync_server.disk.levels import is_full, looking_at
from sync_server.disk.reserve import Reserve
from sync_server.doctor import data, lessons, machine, rights
from sync_server.doctor.finding import Finding, ill
from sync_server.doctor.machine import DISK
from sync_server.errors import ServerError
from sync_server.school_clock import SchoolClock

_SIGNS = {State.WELL: "+", State.MENDED: "+", State.ADVICE: "!", State.ILL: "-"}


class Visit(NamedTuple):
    """All that was found."""

    findings: Tuple[Finding, ...]

    @property
    def ill(self) -> bool:
        """Whether something is left to do."""
        return any(one.state is State.ILL for one in self.findings)

    @property
    def sentence(self) -> str:
        """Return what it comes to."""
        states = {one.state for one in self.findings}
        if any(one.mendable for one in self.findings):
            return "Give the same command with --mend, and it mends what it can."
        if self.ill:
            return "Something is left to do, as said above."
        if State.MENDED in states:
            return "All is well again."
        return "All is well." if State.ADVICE not in states else "Nothing is broken."

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        found = [one.to_json(str) for one in self.findings]
        return {"well": not self.ill, "sentence": self.sentence, "findings": found}

    def to_text(self) -> str:
        """Return it for people."""
        lines = [f"{_SIGNS[one.state]} {one.sentence}" for one in self.findings]
        return "\n".join([*lines, self.sentence])


def visit(root: Path, *, mend: bool = False, thorough: bool = False) -> Visit:
    """Look a server's data folder over, and mend what may be mended without losing anything."""
    folder = DataFolder(root)
    found = list(data.look_at_keys(folder, mend=mend))
    if any(one.state is State.ILL and not one.mendable for one in found):
        return Visit(tuple(found))
    found += _tried(lambda: rights.look_at_rights(folder, mend=mend), rights.RIGHTS)
    if is_full(root) and not (mend and Reserve(root).spend()):
        # What cannot be opened for want of room is not damaged.
        return Visit((*found, *_tried(lambda: machine.look_at_disk(looking_at(root)()), DISK)))
    found += data.look_at_database(folder, mend=mend)
    if any(one.state is State.ILL for one in found if one.check == data.DATABASE):
        found += _tried(lambda: machine.look_at_disk(looking_at(root)()), DISK)
        return Visit(tuple(found))
    with folder.store() as store:
        clock = SchoolClock(store)
        now_ms = clock.now_ms()
        parts: Tuple[Tuple[str, Callable[[], Iterator[Finding]]], ...] = (
            (
                lessons.LESSONS,
                lambda: lessons.look_at_lessons(folder, mend=mend, thorough=thorough),
            ),
            (
                lessons.PHOTOS,
                lambda: lessons.look_at_photos(folder, store, mend=mend, thorough=thorough),
            ),
            (DISK, lambda: machine.look_at_disk(looking_at(root)())),
            (machine.CLOCK, lambda: machine.look_at_clock(clock)),
            (machine.RUNNING, lambda: machine.look_at_running(store)),
            (machine.ABOVE, lambda: machine.look_above(store, now_ms)),
            (machine.BACKUP, lambda: machine.look_at_backup(store, now_ms)),
            (
                machine.LEFTOVERS,
                lambda: machine.look_at_leftovers(folder, time.time(), mend=mend),
            ),
        )
        for check, look in parts:
            found += _tried(look, check)
    return Visit(tuple(found))


def _tried(look: Callable[[], Iterator[Finding]], check: str) -> List[Finding]:
    try:
        return list(look())
    except OSError as error:
        return [ill(check, f"{error.filename or check}: {error.strerror}.")]
    except (ServerError, sqlite3.Error) as error:
        return [ill(check, str(error))]
