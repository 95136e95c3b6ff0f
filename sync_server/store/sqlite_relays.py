"""The SQLite store's part about servers below and above this one."""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from typing import Any, FrozenSet, Iterable, Iterator, Mapping, Optional, Sequence, Tuple

from sync.identity import PublicIdentity
from sync.people import Person
from sync.record import MAX_SEQ, Head, Record
from sync_server.records.routing import person_reader, relay_reader
from sync_server.store.model import (
    WAITING,
    JournalItem,
    PutAside,
    RelayedDevice,
    School,
    SentHead,
    Upstream,
)

_SCHOOL = "signing, sealing, name, via, parent, enrolled_ms, last_contact_ms"
_UPSTREAM = "signing, sealing, address, name, cursor, receipt_ms, last_contact_ms"


class RelayTables(ABC):
    """Reads and writes what relaying needs in an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @abstractmethod
    def forget_records(self, device_id: str, first_seq: int, last_seq: int = MAX_SEQ) -> None:
        """Forget records of one journal, with all that was noted about them."""

    def add_school(self, school: School) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            f"INSERT INTO schools (id, {_SCHOOL}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            (
                school.id,
                school.identity.signing,
                school.identity.sealing,
                school.name,
                school.via,
                school.parent,
                school.enrolled_ms,
                school.last_contact_ms,
            ),
        )

    def school(self, school_id: str) -> Optional[School]:
        """See :class:`RelayRows`."""
        row = self._connection.execute(
            f"SELECT {_SCHOOL} FROM schools WHERE id = ?", (school_id,)
        ).fetchone()
        return _school(row) if row else None

    def schools(self) -> Tuple[School, ...]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(f"SELECT {_SCHOOL} FROM schools ORDER BY rowid")
        return tuple(_school(row) for row in rows)

    def touch_school(self, school_id: str, time_ms: int) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "UPDATE schools SET last_contact_ms = ? WHERE id = ?", (time_ms, school_id)
        )

    def add_relayed(self, device: RelayedDevice) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "INSERT INTO relayed (device, via, server, keys, name) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (device) DO UPDATE SET name = excluded.name",
            (device.id, device.via, device.server, device.keys, device.name),
        )

    def relayed(self, device_id: str) -> Optional[RelayedDevice]:
        """See :class:`RelayRows`."""
        row = self._connection.execute(
            "SELECT device, via, server, keys, name FROM relayed WHERE device = ?", (device_id,)
        ).fetchone()
        return RelayedDevice(*row) if row else None

    def people_of_school(self, school: str) -> Tuple[Person, ...]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT id, name, role, class_name, picture, school FROM people WHERE school = ?"
            " ORDER BY rowid",
            (school,),
        )
        return tuple(Person(*row) for row in rows)

    def add_guest(self, person_id: str, relay: str) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "INSERT OR IGNORE INTO guests (person, relay) VALUES (?, ?)", (person_id, relay)
        )
        self._connection.execute(
            "INSERT OR IGNORE INTO audience (reader, serial) SELECT DISTINCT ?, a.serial"
            " FROM audience a WHERE a.reader = ?",
            (relay_reader(relay), person_reader(person_id)),
        )

    def relays_of(self, person_ids: Iterable[str]) -> Tuple[str, ...]:
        """See :class:`RelayRows`."""
        ids = tuple(person_ids)
        marks = ",".join("?" * len(ids))
        rows = self._connection.execute(
            "SELECT s.via FROM people p JOIN schools s ON s.id = p.school"
            f" WHERE p.school <> '' AND p.id IN ({marks})"
            f" UNION SELECT relay FROM guests WHERE person IN ({marks}) ORDER BY 1",
            (*ids, *ids),
        )
        return tuple(row[0] for row in rows)

    def relayed_heads(self, via: str) -> Mapping[str, Head]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT r.device, j.seq, j.hash FROM relayed r JOIN journals j ON j.device = r.device"
            " WHERE r.via = ? AND j.seq > 0",
            (via,),
        )
        return {device: Head(seq, digest) for device, seq, digest in rows}

    def journal_from(self, device_id: str, seq: int) -> Iterator[JournalItem]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT seq, hash, time, person, kind, body, NULL, '', arrived_ms FROM records"
            " WHERE device = ? AND seq >= ? AND seq <="
            " (SELECT seq FROM journals WHERE device = ?)"
            " UNION ALL SELECT seq, hash, NULL, NULL, NULL, NULL, content, code, time_ms"
            " FROM refused WHERE device = ? AND seq >= ? AND chained ORDER BY 1",
            (device_id, seq, device_id, device_id, seq),
        )
        for at, digest, time, person, kind, body, content, code, arrived_ms in rows:
            if body is None:
                known = content, code, arrived_ms, len(content)
                yield JournalItem(at, digest, None, *known)
            else:
                record = Record(device_id, at, time, person, kind, json.loads(body))
                yield JournalItem(at, digest, record, b"", "", arrived_ms, len(body))

    def give_way(self, device_id: str, seq: int) -> None:
        """See :class:`RelayRows`."""
        self.forget_records(device_id, seq)

    def cut_journal(self, device_id: str, seq: int) -> None:
        """See :class:`RelayRows`."""
        self.forget_records(device_id, seq)
        self._connection.execute(
            "UPDATE refused SET chained = 0 WHERE device = ? AND seq >= ?", (device_id, seq)
        )

    def own_words(self, device_id: str, kinds: Sequence[str]) -> Tuple[Record, ...]:
        """See :class:`RelayRows`."""
        marks = ",".join("?" * len(kinds))
        rows = self._connection.execute(
            "SELECT seq, time, person, kind, body FROM records WHERE device = ?"
            f" AND kind IN ({marks}) ORDER BY seq",
            (device_id, *kinds),
        )
        return tuple(
            Record(device_id, seq, time, person, kind, json.loads(body))
            for seq, time, person, kind, body in rows
        )

    def records_of(self, kinds: Sequence[str]) -> Tuple[Record, ...]:
        """See :class:`RelayRows`."""
        marks = ",".join("?" * len(kinds))
        rows = self._connection.execute(
            "SELECT device, seq, time, person, kind, body FROM records"
            f" WHERE kind IN ({marks}) ORDER BY serial",
            tuple(kinds),
        )
        return tuple(
            Record(device, seq, time, person, kind, json.loads(body))
            for device, seq, time, person, kind, body in rows
        )

    def branch_parent(self, device_id: str) -> Optional[str]:
        """See :class:`RelayRows`."""
        row = self._connection.execute(
            "SELECT parent FROM branches WHERE child = ?", (device_id,)
        ).fetchone()
        return row[0] if row else None

    def guests(self, relay: str) -> int:
        """See :class:`RelayRows`."""
        row = self._connection.execute("SELECT count(*) FROM guests WHERE relay = ?", (relay,))
        return int(row.fetchone()[0])

    def set_waiting(self, records: Sequence[PutAside]) -> None:
        """See :class:`RelayRows`."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO refused (device, seq, hash, code, content, time_ms, chained)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (r.device, r.seq, r.hash, r.code, r.content, r.time_ms, int(r.chained))
                for r in records
            ],
        )

    def waiting_branches(self) -> Tuple[PutAside, ...]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT device, seq, hash, code, content, time_ms, chained FROM refused"
            " WHERE code = ? ORDER BY device, seq",
            (WAITING,),
        )
        return tuple(
            PutAside(device, seq, digest, code, content, time_ms, bool(chained))
            for device, seq, digest, code, content, time_ms, chained in rows
        )

    def digests(self, device_id: str, seq: int) -> FrozenSet[bytes]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT hash FROM records WHERE device = ? AND seq = ? UNION ALL"
            " SELECT hash FROM refused WHERE device = ? AND seq = ?",
            (device_id, seq, device_id, seq),
        )
        return frozenset(row[0] for row in rows)

    def forget_record(self, device_id: str, seq: int) -> None:
        """See :class:`RelayRows`."""
        self.forget_records(device_id, seq, seq)

    def add_upstream(self, upstream: Upstream) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            f"INSERT INTO upstreams (id, {_UPSTREAM}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET address = excluded.address, name = excluded.name",
            (
                upstream.id,
                upstream.identity.signing,
                upstream.identity.sealing,
                upstream.address,
                upstream.name,
                upstream.cursor,
                upstream.receipt_ms,
                upstream.last_contact_ms,
            ),
        )

    def upstreams(self) -> Tuple[Upstream, ...]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(f"SELECT {_UPSTREAM} FROM upstreams ORDER BY rowid")
        return tuple(Upstream(PublicIdentity(row[0], row[1]), *row[2:]) for row in rows)

    def remove_upstream(self, upstream_id: str) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute("DELETE FROM upstreams WHERE id = ?", (upstream_id,))
        for table in ("upstream_heads", "upstream_refused"):
            self._connection.execute(f"DELETE FROM {table} WHERE upstream = ?", (upstream_id,))

    def move_upstream_cursor(self, upstream_id: str, cursor: str) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "UPDATE upstreams SET cursor = ? WHERE id = ?", (cursor, upstream_id)
        )

    def note_upstream_receipt(self, upstream_id: str, receipt: bytes, time_ms: int) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "UPDATE upstreams SET receipt = ?, receipt_ms = ? WHERE id = ?",
            (receipt, time_ms, upstream_id),
        )

    def touch_upstream(self, upstream_id: str, time_ms: int) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "UPDATE upstreams SET last_contact_ms = ? WHERE id = ?", (time_ms, upstream_id)
        )

    def sent_heads(self, upstream_id: str) -> Mapping[str, SentHead]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT device, seq, hash, code FROM upstream_heads WHERE upstream = ?", (upstream_id,)
        )
        return {row[0]: SentHead(*row[1:]) for row in rows}

    def set_sent_head(self, upstream_id: str, device_id: str, head: Optional[SentHead]) -> None:
        """See :class:`RelayRows`."""
        if head is None:
            self._connection.execute(
                "DELETE FROM upstream_heads WHERE upstream = ? AND device = ?",
                (upstream_id, device_id),
            )
            return
        self._connection.execute(
            "INSERT OR REPLACE INTO upstream_heads (upstream, device, seq, hash, code)"
            " VALUES (?, ?, ?, ?, ?)",
            (upstream_id, device_id, head.seq, head.hash, head.code),
        )

    def note_upstream_refused(self, upstream_id: str, device_id: str, seq: int, code: str) -> None:
        """See :class:`RelayRows`."""
        self._connection.execute(
            "INSERT OR REPLACE INTO upstream_refused (upstream, device, seq, code)"
            " VALUES (?, ?, ?, ?)",
            (upstream_id, device_id, seq, code),
        )

    def upstream_refused(self, upstream_id: str) -> Tuple[Tuple[str, int, str], ...]:
        """See :class:`RelayRows`."""
        rows = self._connection.execute(
            "SELECT device, seq, code FROM upstream_refused WHERE upstream = ? ORDER BY 1, 2",
            (upstream_id,),
        )
        return tuple((row[0], row[1], row[2]) for row in rows)


def _school(row: Tuple[Any, ...]) -> School:
    signing, sealing, name, via, parent, enrolled_ms, last_contact_ms = row
    identity = PublicIdentity(signing, sealing)
    return School(identity, name, via, parent, enrolled_ms, last_contact_ms)
