"""The inbox: records that other devices wrote and that came to us."""

from __future__ import annotations

import json
import sqlite3
from typing import Iterable, NamedTuple, Optional, Tuple

from sync.canonical import canonical_json
from sync.database import transaction
from sync.errors import RecordError
from sync.journals.dating import stored_dates
from sync.kinds import validate
from sync.record import Record
from sync.schema import create_tables

_Row = Tuple[str, int, int, str, str, str]
_COLUMNS = "device, seq, written, person, kind, body"


class Quarantined(NamedTuple):
    """A record that came but could not be used."""

    device: str
    seq: int
    code: str
    detail: str


class Inbox:
    """Records by other devices in a database, whose open transaction every method joins."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Open the inbox, making its tables where they are missing.

        Raises:
            DatabaseError: ``database-newer``.
        """
        create_tables(db)
        self._db = db

    @property
    def cursor(self) -> str:
        """The server's opaque mark of how far we have been told; empty before the first answer."""
        row = self._db.execute("SELECT value FROM sync_meta WHERE key = 'cursor'").fetchone()
        return row[0] if row else ""

    def move_cursor(self, cursor: str) -> None:
        """Keep the server's new mark."""
        self._db.execute("INSERT OR REPLACE INTO sync_meta VALUES ('cursor', ?)", (cursor,))

    def store(self, records: Iterable[Record]) -> Tuple[Record, ...]:
        """Keep records and return those that were new. One that is known changes nothing.

        A malformed one goes to quarantine under its code and blocks nothing.
        """
        with transaction(self._db):
            return tuple(record for record in records if self._store_one(record))

    def _store_one(self, record: Record) -> bool:
        try:
            validate(record)
            body = canonical_json(record.body).decode("utf-8")
        except RecordError as error:
            self._quarantine(record, error)
            return False
        row = record.device, record.seq, record.written_time, record.person, record.kind, body
        return self._add("sync_inbox", row) or self._store_again(row)

    def _store_again(self, row: _Row) -> bool:
        """Keep also what a forked journal holds under a number that is taken here."""
        taken = self._db.execute(
            f"SELECT {_COLUMNS} FROM sync_inbox WHERE device = ? AND seq = ?", row[:2]
        ).fetchone()
        return taken != row and self._add("sync_inbox_branch", row)

    def _add(self, table: str, row: _Row) -> bool:
        found = self._db.execute(
            f"INSERT OR IGNORE INTO {table} ({_COLUMNS}, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3)",
            row,
        )
        return found.rowcount == 1

    def _quarantine(self, record: Record, error: RecordError) -> None:
        body = json.dumps(record.body, default=str)
        self._db.execute(
            "INSERT OR IGNORE INTO sync_quarantine VALUES (?, ?, ?, ?, ?)",
            (record.device, record.seq, error.code, error.detail, body),
        )

    def drop(self, records: Iterable[Record]) -> int:
        """Let go of records that the server can send again; return how many were here.

        ``sync.journals.compaction`` chooses them.
        """
        named = [(record.device, record.seq, record.kind) for record in records]
        condition = "WHERE device = ? AND seq = ? AND kind = ?"
        with transaction(self._db):
            found = self._db.executemany(f"DELETE FROM sync_inbox {condition}", named)
            if found.rowcount > 0:
                self._db.execute("INSERT OR REPLACE INTO sync_meta VALUES ('inbox_dropped', 1)")
        return max(0, found.rowcount)

    def ask_again(self) -> None:
        """Let the server tell everything once more, where something that it told has left.

        What had left was replaced by what turns out to be older: it counts again.
        """
        with transaction(self._db):
            left = self._db.execute("DELETE FROM sync_meta WHERE key = 'inbox_dropped'")
            if left.rowcount > 0:
                self.move_cursor("")

    def quarantined(self) -> Tuple[Quarantined, ...]:
        """Return what could not be used, with the reasons."""
        rows = self._db.execute("SELECT device, seq, code, detail FROM sync_quarantine")
        return tuple(Quarantined(*row) for row in rows)

    def of_kind(self, kind: str, person: Optional[str] = None) -> Tuple[Record, ...]:
        """Return the records of one kind, by one person or by all, in the order that counts."""
        condition, values = "kind = ?", [kind]
        if person is not None:
            condition, values = condition + " AND person = ?", [kind, person]
        columns = f"SELECT {_COLUMNS} FROM"
        rows = self._db.execute(
            f"{columns} sync_inbox WHERE {condition}"
            f" UNION ALL {columns} sync_inbox_branch WHERE {condition} ORDER BY 3, 1, 2",
            values * 2,
        )
        counted = stored_dates(self._db).counted
        records = [counted(record) for record in map(_readable, rows) if record is not None]
        return tuple(sorted(records, key=lambda one: (one.time, one.device, one.seq)))

    def holds(self, record: Record) -> bool:
        """Tell whether a record came from the server under the name that it has."""
        return self.record(record.device, record.seq) == record

    def record(self, device: str, seq: int) -> Optional[Record]:
        """Return one record as it was written."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM sync_inbox WHERE device = ? AND seq = ?",
            (device, seq),
        ).fetchone()
        return _readable(row) if row else None


def _readable(row: _Row) -> Optional[Record]:
    """Return a row's record; None where the disk has damaged it, which must not hide the others."""
    device, seq, time, person, kind, body = row
    try:
        return Record(device, seq, time, person, kind, json.loads(body))
    except ValueError:
        return None
