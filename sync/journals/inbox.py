"""The inbox: records that other devices wrote and that came to us."""

from __future__ import annotations

import json
import sqlite3
from typing import Dict, Iterable, NamedTuple, Optional, Tuple

from sync.canonical import canonical_json
from sync.clock import milliseconds
from sync.database import transaction
from sync.errors import RecordError
from sync.journals.branch import ORIGIN, original
from sync.kinds import validate
from sync.record import Record
from sync.schema import create_tables

_Row = Tuple[str, int, int, str, str, str, int]
_COLUMNS = "device, seq, time, person, kind, body, written"


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
        r = record
        row = (r.device, r.seq, r.time, r.person, r.kind, body, r.written_time)
        found = self._db.execute(
            f"INSERT OR IGNORE INTO sync_inbox ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", row
        )
        return found.rowcount == 1 or self._store_again(row)

    def _store_again(self, row: _Row) -> bool:
        """Keep also what a forked journal holds under a number that is taken here.

        Of a record that is known, an earlier time that counts is news.
        """
        device, seq, time, *rest = row
        taken = self._db.execute(
            "SELECT person, kind, body, written FROM sync_inbox WHERE device = ? AND seq = ?",
            (device, seq),
        ).fetchone()
        if taken == tuple(rest):
            found = self._db.execute(
                "UPDATE sync_inbox SET time = ? WHERE device = ? AND seq = ? AND time > ?",
                (time, device, seq, time),
            )
        else:
            found = self._db.execute(
                f"INSERT INTO sync_inbox_branch ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (device, seq, written, person, kind, body)"
                " DO UPDATE SET time = excluded.time WHERE time > excluded.time",
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
        return max(0, found.rowcount)

    def quarantined(self) -> Tuple[Quarantined, ...]:
        """Return what could not be used, with the reasons."""
        rows = self._db.execute("SELECT device, seq, code, detail FROM sync_quarantine")
        return tuple(Quarantined(*row) for row in rows)

    def of_kind(self, kind: str, person: Optional[str] = None) -> Tuple[Record, ...]:
        """Return the records of one kind, by one person or by all, in hybrid-clock order."""
        condition, values = "kind = ?", [kind]
        if person is not None:
            condition, values = condition + " AND person = ?", [kind, person]
        columns = f"SELECT {_COLUMNS} FROM"
        rows = self._db.execute(
            f"{columns} sync_inbox WHERE {condition}"
            f" UNION ALL {columns} sync_inbox_branch WHERE {condition} ORDER BY time, device, seq",
            values * 2,
        )
        return tuple(record for record in map(_readable, rows) if record is not None)

    def arrivals(self, records: Iterable[Record]) -> Dict[int, int]:
        """Return when the server had got those of our own records whose time it did not believe.

        By seq, in milliseconds: what the server gave as their time, also of those that a branch
        carried on.
        """
        records = tuple(records)
        # The server may have told of a fact under the name that another branch gave it.
        is_carried = any(ORIGIN in record.body for record in records)
        elsewhere = self._carried_times() if is_carried else {}
        known: Dict[int, int] = {}
        for record in records:
            first = original(record)
            times = [self._earliest(first), elsewhere.get((first.device, first.seq, first.time))]
            found = [time for time in times if time is not None]
            if found:
                known[record.seq] = milliseconds(min(found))
        return known

    def _earliest(self, first: Record) -> Optional[int]:
        """Return the time that the server gave a record in place of the one it has."""
        condition = "WHERE device = ?1 AND seq = ?2 AND written = ?3 AND time < ?3"
        (time,) = self._db.execute(
            f"SELECT min(time) FROM (SELECT time FROM sync_inbox {condition}"
            f" UNION ALL SELECT time FROM sync_inbox_branch {condition})",
            (first.device, first.seq, first.time),
        ).fetchone()
        return None if time is None else int(time)

    def _carried_times(self) -> Dict[Tuple[str, int, int], int]:
        """Return such times of carried records, by device, seq and time of their origin."""
        condition = f"WHERE time < written AND instr(body, '\"{ORIGIN}\":')"
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM sync_inbox {condition}"
            f" UNION ALL SELECT {_COLUMNS} FROM sync_inbox_branch {condition}"
        )
        times: Dict[Tuple[str, int, int], int] = {}
        for record in map(_readable, rows):
            if record is not None:
                first = original(record)
                name = first.device, first.seq, first.written_time
                times[name] = min(record.time, times.get(name, record.time))
        return times

    def holds(self, record: Record) -> bool:
        """Tell whether a record came from the server under the name that it has."""
        found = self.record(record.device, record.seq)
        return found is not None and found.counted_at(record.time) == record

    def record(self, device: str, seq: int) -> Optional[Record]:
        """Return one record."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM sync_inbox WHERE device = ? AND seq = ?",
            (device, seq),
        ).fetchone()
        return _readable(row) if row else None


def _readable(row: _Row) -> Optional[Record]:
    """Return a row's record; None where the disk has damaged it, which must not hide the others."""
    device, seq, time, person, kind, body, written = row
    try:
        wrong_time = None if written == time else written
        return Record(device, seq, time, person, kind, json.loads(body), wrong_time)
    except ValueError:
        return None
