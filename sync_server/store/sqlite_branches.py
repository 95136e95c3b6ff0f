"""The SQLite store's part about branches: whose journal continues whose, and what was carried."""

from __future__ import annotations

import json
import sqlite3
from typing import Optional, Sequence, Tuple

from sync.journals.branch import ORIGIN, fact_digest
from sync.record import Record
from sync_server.store.model import NewRecord

MAX_ANCESTORS = 10_000


class BranchTables:
    """Reads and writes branches in an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_branch(self, child: str, parent: str) -> None:
        """See :class:`Transaction`."""
        self._connection.execute(
            "INSERT OR IGNORE INTO branches (child, parent) VALUES (?, ?)", (child, parent)
        )

    def continues(self, device_id: str, ancestor: str) -> bool:
        """See :class:`Transaction`."""
        row = self._connection.execute(
            "WITH RECURSIVE line(device, place) AS (SELECT ?, 0 UNION"
            " SELECT b.parent, place + 1 FROM branches b JOIN line ON b.child = line.device"
            " WHERE place < ?) SELECT 1 FROM line WHERE device = ? AND place > 0",
            (device_id, MAX_ANCESTORS, ancestor),
        ).fetchone()
        return row is not None

    def branches(self) -> Tuple[Tuple[str, str], ...]:
        """See :class:`Transaction`."""
        rows = self._connection.execute("SELECT child, parent FROM branches ORDER BY rowid")
        return tuple((child, parent) for child, parent in rows)

    def is_continued(self, device_id: str) -> bool:
        """See :class:`Transaction`."""
        row = self._connection.execute(
            "SELECT 1 FROM branches WHERE parent = ? LIMIT 1", (device_id,)
        ).fetchone()
        return row is not None

    def is_carried(self, digest: bytes) -> bool:
        """See :class:`Transaction`."""
        row = self._connection.execute("SELECT 1 FROM carried WHERE fact = ?", (digest,)).fetchone()
        return row is not None

    def kept_record(self, device_id: str, seq: int) -> Optional[Record]:
        """See :class:`Transaction`."""
        row = self._connection.execute(
            "SELECT time, person, kind, body FROM records WHERE device = ? AND seq = ?",
            (device_id, seq),
        ).fetchone()
        if row is None:
            return None
        return Record(device_id, seq, row[0], row[1], row[2], json.loads(row[3]))

    def note_carried(self, records: Sequence[NewRecord]) -> None:
        """Remember the facts of those records that were carried over from another journal."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO carried (fact) VALUES (?)",
            [(fact_digest(new.record),) for new in records if ORIGIN in new.record.body],
        )

    def forget_carried(self, device_id: str, first_seq: int, last_seq: int) -> None:
        """Forget the facts of carried records that are about to be deleted: they count no more."""
        rows = self._connection.execute(
            "SELECT seq, time, person, kind, body FROM records"
            " WHERE device = ? AND seq BETWEEN ? AND ? AND instr(body, ?)",
            (device_id, first_seq, last_seq, f'"{ORIGIN}"'),
        )
        records = [
            Record(device_id, seq, time, person, kind, json.loads(body))
            for seq, time, person, kind, body in rows
        ]
        self._connection.executemany(
            "DELETE FROM carried WHERE fact = ?",
            [(fact_digest(record),) for record in records if ORIGIN in record.body],
        )
