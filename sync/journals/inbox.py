"""The inbox: records that other devices wrote and that came to us."""

from __future__ import annotations

import json
import sqlite3
from typing import Iterable, List, NamedTuple, Optional, Sequence, Tuple

from sync.canonical import canonical_json
from sync.database import transaction
from sync.errors import RecordError
from sync.journals.bodies import PLAIN, Bodies, Stored, outline, readable
from sync.journals.dating import stored_dates
from sync.kinds import validate
from sync.record import Record
from sync.schema import create_tables

_Row = Tuple[str, int, int, str, str, Stored]
_COLUMNS = "device, seq, written, person, kind, body"


class Quarantined(NamedTuple):
    """A record that came but could not be used."""

    device: str
    seq: int
    code: str
    detail: str


class Inbox:
    """Records by other devices in a database, whose open transaction every method joins."""

    def __init__(self, db: sqlite3.Connection, bodies: Bodies = PLAIN) -> None:
        """Open the inbox, making its tables where they are missing.

        ``bodies`` says how bodies lie there; those that cannot be read now are left out of what
        methods return.

        Raises:
            DatabaseError: ``database-newer``.
        """
        create_tables(db)
        self._db = db
        self._bodies = bodies

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
            text = canonical_json(record.body).decode("utf-8")
        except RecordError as error:
            self._quarantine(record, error)
            return False
        # Under one number a forked journal may hold several: all are kept.
        for table in ("sync_inbox", "sync_inbox_branch"):
            taken = self._rows(table, "device = ? AND seq = ?", (record.device, record.seq))
            if any(self._is_kept(row, record, text) for row in taken):
                return False
            if table == "sync_inbox_branch" or not taken:
                self._add(table, record, text)
                return True
        return True

    def _is_kept(self, row: _Row, record: Record, text: str) -> bool:
        """Tell whether a row is this record's, or may be where it cannot be read now.

        Two branches hardly wrote at the same hybrid time, about as much, in the same name.
        """
        written = outline(*row[:5])
        if (written.time, written.person, written.kind) != (
            record.written_time,
            record.person,
            record.kind,
        ):
            return False
        known = self._bodies.unlock(self._db, written, row[5])
        return self._bodies.same(row[5], text) if known is None else known == text

    def _add(self, table: str, record: Record, text: str) -> None:
        row = record.device, record.seq, record.written_time, record.person, record.kind
        self._db.execute(
            f"INSERT INTO {table} ({_COLUMNS}, time) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?3)",
            (*row, self._bodies.lock(self._db, record, text)),
        )

    def _quarantine(self, record: Record, error: RecordError) -> None:
        text = json.dumps(record.body, default=str)
        body = self._bodies.lock(self._db, record, text)
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
        rows = [
            *self._rows("sync_inbox", condition, values),
            *self._rows("sync_inbox_branch", condition, values),
        ]
        counted = stored_dates(self._db).counted
        records = [counted(record) for record in map(self._readable, rows) if record is not None]
        return tuple(sorted(records, key=lambda one: (one.time, one.device, one.seq)))

    def holds(self, record: Record) -> bool:
        """Tell whether a record came from the server under the name that it has."""
        return self.record(record.device, record.seq) == record

    def record(self, device: str, seq: int) -> Optional[Record]:
        """Return one record as it was written."""
        rows = self._rows("sync_inbox", "device = ? AND seq = ?", (device, seq))
        return self._readable(rows[0]) if rows else None

    def _rows(self, table: str, condition: str, values: Sequence[object]) -> List[_Row]:
        query = f"SELECT {_COLUMNS} FROM {table} WHERE {condition} ORDER BY written, device, seq"
        return self._db.execute(query, values).fetchall()

    def _readable(self, row: _Row) -> Optional[Record]:
        return readable(self._db, self._bodies, outline(*row[:5]), row[5])
