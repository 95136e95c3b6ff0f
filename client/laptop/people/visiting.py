"""People who use a laptop for once, as a teacher does a pupil's, and leave nothing behind.

When they get up, their vault and every key of theirs go from the disk at once, and their name from
the first screen. What they wrote is sent as it lies there, sealed; once the school has it, all else
goes that was here for their sake. Whoever was interrupted is seen off when the laptop is opened.
"""

from __future__ import annotations

import contextlib
import json
import platform
import shutil
import sqlite3
from dataclasses import replace
from typing import Dict, Iterator, Tuple

from client import __version__
from client.laptop.errors import LaptopError
from client.laptop.people import leavers
from client.laptop.people.locking_up import forget_lock, tidy_up
from client.laptop.store import Store
from sync.errors import SyncError
from sync.fleet import GONE
from sync.kinds import DEVICE_REPORT

_VISITS = "visits"
_BEFORE = "visits.before"
"""A setting: who was here before somebody joined for once; null while nobody does."""
_HERE = 0
"""In place of the number of the record that says that somebody left."""


class Visits:
    """Who is here for once, on one laptop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextlib.contextmanager
    def coming(self) -> Iterator[None]:
        """Whoever joins this laptop within the block is here for once.

        Should the machine stop within it, they are seen off when the laptop is opened.
        """
        self._store.keep_settings({_BEFORE: json.dumps([one.id for one in self._store.people()])})
        try:
            yield
        finally:
            self._note_coming()

    def _note_coming(self) -> None:
        """Note those who have joined since `coming` began, if it did."""
        try:
            before = set(json.loads(self._store.setting(_BEFORE, "null")))
        except (ValueError, TypeError):
            return
        with self._store.database.transaction():
            coming = (one.id for one in self._store.people() if one.id not in before)
            _keep(self._store, {**_visits(self._store), **dict.fromkeys(coming, _HERE)})
            self._store.keep_settings({_BEFORE: "null"})

    def is_visitor(self, person: str) -> bool:
        """Tell whether somebody is here for once."""
        return _visits(self._store).get(person) == _HERE

    def see_off(self, person: str) -> bool:
        """Take a visitor's keys and name from this laptop; return whether they were one.

        Called when they have got up. Again, and after a crash in between, it does the rest.
        """
        if not self.is_visitor(person):
            return False
        _forget_keys(self._store, person)
        with self._store.database.transaction():
            record = self._store.journal().append(person, DEVICE_REPORT, _body(self._store))
            _keep(self._store, {**_visits(self._store), person: record.seq})
        _take_name(self._store, person)
        return True

    def see_all_off(self) -> None:
        """See those off who did not get up before the laptop stopped."""
        self._note_coming()
        for person, seq in _visits(self._store).items():
            if seq == _HERE:
                self.see_off(person)
            elif any(one.id == person for one in self._store.people()):
                _take_name(self._store, person)


def sweep(store: Store) -> Tuple[str, ...]:
    """Let go of what visitors left, once the school has it; return whose it was.

    Nothing that fails here stops anything else; the next time goes on with it.
    """
    swept: Tuple[str, ...] = ()
    with contextlib.suppress(LaptopError, SyncError, sqlite3.Error, OSError):
        visits = _visits(store)
        received = store.journal().received_seq if visits else 0
        swept = tuple(person for person, seq in visits.items() if _HERE < seq <= received)
        for person in swept:
            leavers.let_go(store, person)
        if swept:
            _drop_strangers(store)
            _keep(store, {one: seq for one, seq in visits.items() if one not in swept})
            tidy_up(store)
    return swept


def _forget_keys(store: Store, person: str) -> None:
    with store.database.transaction() as connection:
        connection.execute("DELETE FROM row_keys WHERE person = ?", (person,))
        forget_lock(connection, person)
    store.keyring.cabinet.remove(person)


def _take_name(store: Store, person: str) -> None:
    membership = store.enrolled()
    people = tuple(one for one in membership.people if one.id != person)
    store.keep_membership(replace(membership, people=people))


def _drop_strangers(store: Store) -> None:
    """Remove what came for nobody who still uses this laptop.

    What concerns a whole class goes too: the server, which heard that somebody left, tells a laptop
    all anew that is for those who stay.
    """
    own = [one.id for one in store.people()]
    with store.database.transaction() as connection:
        journals = [
            row[0] for row in connection.execute("SELECT DISTINCT device FROM sync_journal")
        ]
        people, devices = (", ".join("?" for _ in names) for names in (own, journals))
        for table in ("sync_inbox", "sync_inbox_branch"):
            connection.execute(
                f"DELETE FROM {table} WHERE person NOT IN ({people}) AND device NOT IN ({devices})",
                (*own, *journals),
            )


def _body(store: Store) -> Dict[str, object]:
    return {
        "program": __version__,
        "system": f"{platform.system()} {platform.release()}"[:100],
        "free_bytes": shutil.disk_usage(str(store.folder)).free,
        GONE: True,
    }


def _visits(store: Store) -> Dict[str, int]:
    try:
        values = json.loads(store.setting(_VISITS, "{}"))
        return {str(person): int(seq) for person, seq in values.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _keep(store: Store, visits: Dict[str, int]) -> None:
    with store.database.transaction() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)", (_VISITS, json.dumps(visits))
        )
