"""Attached files in SQLite: an index over the records that name them, and what is held."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, FrozenSet, Iterable, Mapping, Optional, Sequence, Tuple

from sync.attachments.attachment import FIELD, attachments_of
from sync.errors import SyncError
from sync_server.store.attachment_protocol import HeldAttachment, NamedAttachment
from sync_server.store.model import NewRecord


def attachment_tables(connection: sqlite3.Connection) -> None:
    """Make the tables, and index what records of newer laptops named already."""
    connection.execute(
        "CREATE TABLE attachments (name BLOB PRIMARY KEY, size_bytes INTEGER NOT NULL,"
        " person TEXT NOT NULL, time_ms INTEGER NOT NULL) WITHOUT ROWID"
    )
    connection.execute("CREATE INDEX attachments_person ON attachments (person)")
    connection.execute(
        "CREATE TABLE attachment_names (name BLOB NOT NULL, device TEXT NOT NULL,"
        " seq INTEGER NOT NULL, person TEXT NOT NULL, size_bytes INTEGER NOT NULL,"
        " held INTEGER NOT NULL, PRIMARY KEY (name, device, seq)) WITHOUT ROWID"
    )
    connection.execute(
        "CREATE INDEX attachment_names_missing ON attachment_names (device, seq) WHERE held = 0"
    )
    rows = connection.execute(
        "SELECT device, seq, person, body FROM records WHERE instr(body, ?)", (f'"{FIELD}"',)
    ).fetchall()
    for device, seq, person, body in rows:
        _index(connection, device, seq, person, json.loads(body))


def _index(
    connection: sqlite3.Connection, device: str, seq: int, person: str, body: Mapping[str, Any]
) -> None:
    try:
        named = attachments_of(body)
    except SyncError:
        # A kind that only newer programs know may use the word otherwise.
        return
    connection.executemany(
        "INSERT OR IGNORE INTO attachment_names VALUES"
        " (?1, ?2, ?3, ?4, ?5, EXISTS (SELECT 1 FROM attachments WHERE name = ?1))",
        [(bytes.fromhex(one.sha256), device, seq, person, one.size_bytes) for one in named],
    )


class AttachmentTables:
    """See :class:`sync_server.store.attachment_protocol.AttachmentRows`."""

    _connection: sqlite3.Connection

    def name_attachments(self, records: Iterable[NewRecord]) -> None:
        """Index the files that new records name."""
        for new in records:
            record = new.record
            if FIELD in record.body:
                _index(self._connection, record.device, record.seq, record.person, record.body)

    def forget_names(self, device_id: str, first_seq: int, last_seq: int) -> None:
        """Forget what records named that are about to be deleted."""
        self._connection.execute(
            "DELETE FROM attachment_names WHERE device = ? AND seq BETWEEN ? AND ?",
            (device_id, first_seq, last_seq),
        )

    def attachment(self, sha256: str) -> Optional[HeldAttachment]:
        """See :class:`AttachmentRows`."""
        row = self._connection.execute(
            "SELECT size_bytes, person, time_ms FROM attachments WHERE name = ?",
            (bytes.fromhex(sha256),),
        ).fetchone()
        return HeldAttachment(sha256, *row) if row else None

    def attachments(self) -> Tuple[HeldAttachment, ...]:
        """See :class:`AttachmentRows`."""
        rows = self._connection.execute(
            "SELECT name, size_bytes, person, time_ms FROM attachments ORDER BY name"
        )
        return tuple(HeldAttachment(name.hex(), *rest) for name, *rest in rows)

    def hold_attachment(self, held: HeldAttachment) -> None:
        """See :class:`AttachmentRows`."""
        name = bytes.fromhex(held.sha256)
        self._connection.execute(
            "INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?)",
            (name, held.size_bytes, held.person, held.time_ms),
        )
        self._mark(name, held=True)

    def forget_attachment(self, sha256: str) -> None:
        """See :class:`AttachmentRows`."""
        name = bytes.fromhex(sha256)
        self._connection.execute("DELETE FROM attachments WHERE name = ?", (name,))
        self._mark(name, held=False)

    def _mark(self, name: bytes, *, held: bool) -> None:
        self._connection.execute(
            "UPDATE attachment_names SET held = ? WHERE name = ?", (held, name)
        )

    def attachment_authors(self, sha256: str, size_bytes: int) -> FrozenSet[str]:
        """See :class:`AttachmentRows`."""
        rows = self._connection.execute(
            "SELECT person FROM attachment_names WHERE name = ? AND size_bytes = ?",
            (bytes.fromhex(sha256), size_bytes),
        )
        return frozenset(person for (person,) in rows)

    def attachment_readable(self, sha256: str, readers: Sequence[str]) -> bool:
        """See :class:`AttachmentRows`."""
        marks = ", ".join("?" for _ in readers)
        found = self._connection.execute(
            "SELECT 1 FROM attachment_names AS named"
            " JOIN records ON records.device = named.device AND records.seq = named.seq"
            " JOIN audience ON audience.serial = records.serial"
            f" WHERE named.name = ? AND audience.reader IN ({marks}) LIMIT 1",
            (bytes.fromhex(sha256), *readers),
        ).fetchone()
        return found is not None

    def attachment_bytes(self, person_id: str) -> int:
        """See :class:`AttachmentRows`."""
        query = "SELECT coalesce(sum(size_bytes), 0) FROM attachments WHERE person = ?"
        return int(self._connection.execute(query, (person_id,)).fetchone()[0])

    def missing_attachments(self, device_id: str, limit: int) -> Tuple[str, ...]:
        """See :class:`AttachmentRows`."""
        rows = self._connection.execute(
            "WITH RECURSIVE line (device) AS (SELECT ?"
            " UNION SELECT parent FROM branches JOIN line ON branches.child = line.device)"
            " SELECT DISTINCT name FROM attachment_names"
            " WHERE held = 0 AND device IN (SELECT device FROM line) ORDER BY random() LIMIT ?",
            (device_id, limit),
        )
        return tuple(name.hex() for (name,) in rows)

    def missing_relayed(self, relay: str, limit: int) -> Tuple[str, ...]:
        """See :class:`AttachmentRows`."""
        rows = self._connection.execute(
            "SELECT DISTINCT named.name FROM attachment_names AS named"
            " JOIN relayed ON relayed.device = named.device"
            " WHERE named.held = 0 AND relayed.via = ? ORDER BY random() LIMIT ?",
            (relay, limit),
        )
        return tuple(name.hex() for (name,) in rows)

    def missing_named(self, limit: int) -> Tuple[NamedAttachment, ...]:
        """See :class:`AttachmentRows`."""
        rows = self._connection.execute(
            "SELECT name, device, min(seq) FROM attachment_names WHERE held = 0"
            " GROUP BY name ORDER BY random() LIMIT ?",
            (limit,),
        )
        return tuple(NamedAttachment(name.hex(), device, seq) for name, device, seq in rows)
