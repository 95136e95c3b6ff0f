"""The SQLite store's half about journals: records, who reads them, and what was put aside."""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import itertools
import json
import sqlite3
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from sync.record import Record
from sync_server.store.model import Delivery, JournalEnd, JournalItem, NewRecord, PutAside

WAITING = "SELECT serial FROM audience WHERE reader = ? AND serial > ? ORDER BY serial"
ARRIVED = (
    "SELECT serial, device, seq, time, person, kind, body, arrived_ms FROM records"
    " WHERE serial IN ({marks}) AND device <> ? ORDER BY serial"
)
_AT_ONCE = 500
_SPENT = "spent-serial"
_ARRIVALS_BYTES = 8
_REFUSED = "device, seq, hash, code, content, time_ms, chained"


class JournalTables:
    """Reads and writes journals in an open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def journal_end(self, device_id: str) -> Optional[JournalEnd]:
        """See :class:`Transaction`."""
        row = self._connection.execute(
            "SELECT seq, hash, time_ms FROM journals WHERE device = ?", (device_id,)
        ).fetchone()
        return JournalEnd(*row) if row else None

    def set_journal_end(self, device_id: str, end: JournalEnd) -> None:
        """See :class:`Transaction`."""
        self._connection.execute(
            "INSERT OR REPLACE INTO journals (device, seq, hash, time_ms) VALUES (?, ?, ?, ?)",
            (device_id, end.seq, end.hash, end.time_ms),
        )

    def journal_ends(self) -> Tuple[Tuple[str, JournalEnd], ...]:
        """See :class:`Transaction`."""
        rows = self._connection.execute("SELECT device, seq, hash, time_ms FROM journals")
        return tuple((device, JournalEnd(*rest)) for device, *rest in rows)

    def journal(self, device_id: str) -> Iterator[JournalItem]:
        """See :class:`Transaction`."""
        rows = self._connection.execute(
            "SELECT seq, hash, time, person, kind, body, NULL FROM records WHERE device = ?"
            " UNION ALL SELECT seq, hash, NULL, NULL, NULL, NULL, content FROM refused"
            " WHERE device = ? AND chained ORDER BY 1",
            (device_id, device_id),
        )
        for seq, digest, time, person, kind, body, content in rows:
            if body is None:
                yield JournalItem(seq, digest, None, content)
            else:
                record = Record(device_id, seq, time, person, kind, json.loads(body))
                yield JournalItem(seq, digest, record)

    def add_records(self, records: Sequence[NewRecord]) -> None:
        """See :class:`Transaction`."""
        last_serial = self.last_serial()
        first_serial = max(last_serial, self._spent_serial()) + 1
        arrivals = _chained(self.arrivals_hash(last_serial) or b"", records)
        self._connection.executemany(
            "INSERT INTO records"
            " (serial, device, seq, time, person, kind, body, hash, arrived_ms, arrivals)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (*_row(serial, new), digest)
                for serial, (new, digest) in enumerate(zip(records, arrivals), first_serial)
            ],
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO audience (reader, serial) VALUES (?, ?)",
            [
                (reader, serial)
                for serial, new in enumerate(records, first_serial)
                for reader in new.readers
            ],
        )

    def delete_records(self, device_id: str, first_seq: int, last_seq: int) -> None:
        """Delete records; nothing else gets their places, for others' readers are noted there."""
        span = (device_id, first_seq, last_seq)
        condition = "FROM records WHERE device = ? AND seq BETWEEN ? AND ?"
        (last,) = self._connection.execute(f"SELECT max(serial) {condition}", span).fetchone()
        if last is not None:
            self._connection.execute(
                "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
                (_SPENT, str(max(last, self._spent_serial()))),
            )
            self._connection.execute(f"DELETE {condition}", span)

    def _spent_serial(self) -> int:
        """Return the highest place that a deleted record had."""
        row = self._connection.execute(
            "SELECT value FROM settings WHERE name = ?", (_SPENT,)
        ).fetchone()
        return int(row[0]) if row else 0

    def put_aside(self, records: Sequence[PutAside]) -> None:
        """See :class:`Transaction`."""
        self._connection.executemany(
            f"INSERT INTO refused ({_REFUSED}) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (device, seq, hash) DO UPDATE SET code = excluded.code, chained = 1"
            " WHERE excluded.chained AND NOT chained",
            [
                (r.device, r.seq, r.hash, r.code, r.content, r.time_ms, int(r.chained))
                for r in records
            ],
        )

    def hashes(self, device_id: str, first_seq: int, last_seq: int) -> Mapping[int, bytes]:
        """See :class:`Transaction`."""
        span = (device_id, first_seq, last_seq)
        found: Dict[int, bytes] = dict(
            self._connection.execute(
                "SELECT seq, hash FROM records WHERE device = ? AND seq BETWEEN ? AND ?"
                " UNION ALL SELECT seq, hash FROM refused"
                " WHERE device = ? AND seq BETWEEN ? AND ? AND chained",
                span + span,
            )
        )
        return found

    def refusals(self, device_id: str, first_seq: int, last_seq: int) -> Tuple[PutAside, ...]:
        """See :class:`Transaction`."""
        rows = self._connection.execute(
            f"SELECT {_REFUSED} FROM refused WHERE device = ? AND seq BETWEEN ? AND ?"
            " ORDER BY seq, rowid",
            (device_id, first_seq, last_seq),
        )
        return tuple(_put_aside(row) for row in rows)

    def deliveries(
        self, readers: Sequence[str], device_id: str, after_serial: int, limit: int
    ) -> Tuple[Delivery, ...]:
        """See :class:`Transaction`."""
        found: List[Delivery] = []
        with contextlib.ExitStack() as open_rows:
            waiting = self._waiting(readers, after_serial, open_rows)
            while len(found) < limit:
                # About as many as are missing are read at a time: not all that ever arrived.
                serials = list(itertools.islice(waiting, min(limit - len(found), _AT_ONCE)))
                if not serials:
                    break
                found += self._deliveries_at(serials, device_id)
        return tuple(found)

    def _waiting(
        self, readers: Sequence[str], after_serial: int, open_rows: contextlib.ExitStack
    ) -> Iterator[int]:
        """Yield the places of what readers may read, each once, in order; read as far as asked."""
        lists = []
        for reader in dict.fromkeys(readers):
            rows = self._connection.execute(WAITING, (reader, after_serial))
            open_rows.callback(rows.close)
            lists.append(rows)
        for serial, _ in itertools.groupby(row[0] for row in heapq.merge(*lists)):
            yield serial

    def _deliveries_at(self, serials: Sequence[int], device_id: str) -> List[Delivery]:
        rows = self._connection.execute(
            ARRIVED.format(marks=",".join("?" * len(serials))), (*serials, device_id)
        )
        return [_delivery(row) for row in rows]

    def arrivals_hash(self, serial: int) -> Optional[bytes]:
        """See :class:`Transaction`.

        Of records that an older version kept, it is the beginning of their own hash alone.
        """
        row = self._connection.execute(
            "SELECT coalesce(arrivals, substr(hash, 1, ?)) FROM records WHERE serial = ?",
            (_ARRIVALS_BYTES, serial),
        ).fetchone()
        return row[0] if row else None

    def last_serial(self) -> int:
        """See :class:`Transaction`."""
        row = self._connection.execute("SELECT max(serial) FROM records").fetchone()
        return int(row[0] or 0)


def _chained(before: bytes, records: Sequence[NewRecord]) -> Iterator[bytes]:
    """Yield for each record the hash of all that arrived up to it."""
    for new in records:
        before = hashlib.sha256(before + new.hash).digest()[:_ARRIVALS_BYTES]
        yield before


def _row(serial: int, new: NewRecord) -> Tuple[Any, ...]:
    record = new.record
    outline = (serial, record.device, record.seq, record.time, record.person, record.kind)
    return (*outline, new.body_json.decode("utf-8"), new.hash, new.arrived_ms)


def _put_aside(row: Tuple[Any, ...]) -> PutAside:
    device, seq, digest, code, content, time_ms, chained = row
    return PutAside(device, seq, digest, code, content, time_ms, bool(chained))


def _delivery(row: Tuple[Any, ...]) -> Delivery:
    serial, device, seq, time, person, kind, body, arrived_ms = row
    record = Record(device, seq, time, person, kind, json.loads(body))
    return Delivery(serial, record, arrived_ms, len(body.encode("utf-8")))
