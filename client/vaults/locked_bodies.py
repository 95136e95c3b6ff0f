"""Bodies of records as they lie on a laptop's disk: locked for those whom they concern."""

from __future__ import annotations

import sqlite3
import threading
from typing import Callable, FrozenSet, Optional, Sequence

from client.laptop.people.people import Person
from client.vaults.keys import OpenVault
from client.vaults.readers import Readers, readers_of
from client.vaults.row_keys import OVERHEAD_BYTES, PublicKeys, RowKeys
from sync.journals.bodies import Stored
from sync.journals.journal import Journal
from sync.record import Record

People = Callable[[], Sequence[Person]]
Prepare = Callable[[sqlite3.Connection, Journal], None]


class LockedBodies:
    """Locks and unlocks what lies in one laptop's database, for whoever sits there.

    May be called from any thread; each call joins the transaction of the connection that it takes.
    """

    def __init__(self, people: People, public_key: PublicKeys, prepare: Prepare) -> None:
        """``people`` are those of the laptop, ``public_key`` says who of them has a vault.

        ``prepare`` puts what a journal gained into a request while it can be read.
        """
        self._people = people
        self._public_key = public_key
        self._prepare = prepare
        self._keys = RowKeys(public_key)
        self._guard = threading.RLock()

    @property
    def person(self) -> str:
        """Who sits here with an open vault; empty for nobody."""
        return self._keys.person

    def sit_down(self, db: sqlite3.Connection, vault: OpenVault) -> None:
        """Read a person's rows from now on, and nobody else's."""
        with self._guard:
            self._keys.sit_down(db, vault)

    def get_up(self) -> None:
        """Forget all keys."""
        with self._guard:
            self._keys.get_up()

    def lock(self, db: sqlite3.Connection, record: Record, text: str) -> Stored:
        """Return what to keep for a record's body (``sync.journals.bodies``)."""
        readers = self._with_vault(readers_of(record, self._people()))
        if not readers:
            return text
        with self._guard:
            return self._keys.lock(db, readers, text, _bound(record))

    def unlock(self, db: sqlite3.Connection, record: Record, stored: Stored) -> Optional[str]:
        """Return a body's JSON; None where nobody who may read it sits here."""
        if isinstance(stored, str):
            return stored
        with self._guard:
            return self._keys.unlock(db, stored, _bound(record))

    def is_withheld(self, db: sqlite3.Connection, record: Record, stored: Stored) -> bool:
        """Tell whether somebody cannot read a locked body whom it concerns by now."""
        return bool(
            self._with_vault(readers_of(record, self._people())) - self._keys.readers(db, stored)
        )

    def readers(self, db: sqlite3.Connection, stored: Stored) -> FrozenSet[str]:
        """Return who can read what is locked; nobody in particular where it is in clear."""
        return self._keys.readers(db, stored)

    def same(self, stored: Stored, text: str) -> bool:
        """Tell by its length whether a locked body may be this one."""
        return isinstance(stored, bytes) and len(stored) == OVERHEAD_BYTES + len(text.encode())

    def written(self, db: sqlite3.Connection, journal: Journal) -> None:
        """Prepare the sending of what was written last, if it is locked."""
        row = db.execute(
            "SELECT typeof(body) FROM sync_journal WHERE device = ? AND seq = ?",
            (journal.device, journal.head.seq),
        ).fetchone()
        if row is not None and row[0] == "blob":
            self._prepare(db, journal)

    def lock_text(
        self, db: sqlite3.Connection, person: str, text: str, what: str, before: Stored = ""
    ) -> Stored:
        """Return what to keep for a text that concerns one person alone.

        Whoever could read what lay there ``before`` can read it, too.
        """
        others = self.readers(db, before) - {person}
        readers = self._with_vault(Readers(frozenset((person,)), others))
        if not readers:
            return text
        with self._guard:
            return self._keys.lock(db, readers, text, what)

    def unlock_text(self, db: sqlite3.Connection, stored: Stored, what: str) -> Optional[str]:
        """Return such a text; None where its person does not sit here."""
        with self._guard:
            return self._keys.unlock(db, stored, what)

    def _with_vault(self, readers: Readers) -> FrozenSet[str]:
        """Return for whom something is to be locked; nobody where an owner needs it in clear."""
        if any(self._public_key(one) is None for one in readers.owners):
            return frozenset()
        everybody = readers.owners | readers.others
        return frozenset(one for one in everybody if self._public_key(one) is not None)


def _bound(record: Record) -> str:
    """Say what a body belongs to; not its number, which a rebuilt journal may change."""
    return f"record {record.kind} {record.person} {record.written_time}"
