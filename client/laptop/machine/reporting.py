"""Telling the school, once, that this laptop is a copy, was set back, or lies in another case.

Nothing is reported while all stays as it is: what was told last is kept beside the work, so it is
copied and set back with it.
"""

from __future__ import annotations

import contextlib
import platform
import shutil
import sqlite3
from typing import Dict, List

from client import __version__
from client.laptop.errors import LaptopError
from client.laptop.machine import hardware
from client.laptop.people.people import Person
from client.laptop.store import Store
from sync.errors import SyncError
from sync.fleet import BEFORE, BRANCH, LAPTOP, MACHINE
from sync.kinds import DEVICE_REPORT

_MACHINE, _DEVICE = "report.machine", "report.device"


def report(store: Store) -> bool:
    """Write a report where something happened since the last one; tell whether one was written.

    One for each class whose people use this laptop, for their teachers to hear of it. The first
    time, when the laptop has joined, it only remembers. Nothing that fails here keeps work back.
    """
    with contextlib.suppress(LaptopError, SyncError, sqlite3.Error, OSError):
        return _report(store)
    return False


def _report(store: Store) -> bool:
    here, was = hardware.mark(store.enrolled().server), store.setting(_MACHINE)
    device, told = store.journal().device, store.setting(_DEVICE)
    happened: Dict[str, str] = {}
    if here and was and here != was:
        happened[BEFORE] = was
    if told and told != device:
        happened[BRANCH] = told
    if not happened and (was or not here) and told:
        return False
    with store.database.transaction():
        store.keep_settings({_MACHINE: here or was, _DEVICE: device})
        for person in _speakers(store) if happened else ():
            store.journal().append(person.id, DEVICE_REPORT, _body(store, here or was, happened))
    return bool(happened)


def _body(store: Store, mark: str, happened: Dict[str, str]) -> Dict[str, object]:
    return {
        "program": __version__,
        "system": f"{platform.system()} {platform.release()}"[:100],
        "free_bytes": shutil.disk_usage(str(store.folder)).free,
        LAPTOP: platform.node()[:100],
        MACHINE: mark,
        **happened,
    }


def _speakers(store: Store) -> List[Person]:
    """Choose somebody of each class: a class's teachers read what one of it writes of a laptop."""
    return list({one.class_name: one for one in reversed(store.people())}.values())
