"""The journal: what this device wrote, in order, each record chained to the one before it.

A record's station is read off three numbers: the journal's head, how far it was handed to a road,
and how far the server's receipts go. Nothing here is ever removed before a receipt covers it; of
what is removed then (``drop``), number and hash stay, and the body is empty.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import (
    Any,
    Dict,
    FrozenSet,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from sync.canonical import canonical_json
from sync.clock import Clock, HybridClock
from sync.database import transaction
from sync.errors import JournalError, RecordError
from sync.identity import PublicIdentity
from sync.journals.bodies import PLAIN, Bodies, outline, readable
from sync.journals.dating import stored_dates
from sync.journals.receipt import Receipt, verify_receipt
from sync.journals.station import RecordState, Station
from sync.kinds import check_written
from sync.record import NO_HASH, Head, Record, record_hash
from sync.schema import create_tables

OUTLINE_BYTES = 32
"""What a record's outline adds to its body, before compression."""


class Journal:
    """One device's journal in a database, whose open transaction every method joins.

    ``clock`` is the machine's; what the journal knows of the server's time corrects it.
    """

    def __init__(
        self, db: sqlite3.Connection, identity: PublicIdentity, clock: Clock, bodies: Bodies = PLAIN
    ) -> None:
        """Open the journal of ``identity``, making its tables where they are missing.

        Bodies that cannot be read now are left out of what methods return, but counted.

        Raises:
            DatabaseError: ``database-newer``.
        """
        create_tables(db)
        self._db = db
        self._wall_clock = clock
        self.bodies = bodies
        self.device = identity.device_id

    @classmethod
    def of_device(
        cls, db: sqlite3.Connection, device: str, clock: Clock, bodies: Bodies = PLAIN
    ) -> Journal:
        """Open the journal of a device of which nothing but its name is known."""
        journal = cls.__new__(cls)
        journal._db, journal._wall_clock = db, clock
        journal.device, journal.bodies = device, bodies
        return journal

    @property
    def head(self) -> Head:
        """The last record's number and hash."""
        row = self._db.execute(
            "SELECT seq, hash FROM sync_journal WHERE device = ? ORDER BY seq DESC LIMIT 1",
            (self.device,),
        ).fetchone()
        return Head(row[0], row[1]) if row else Head()

    @property
    def received_seq(self) -> int:
        """How far receipts cover this journal."""
        row = self._db.execute(
            "SELECT max(seq) FROM sync_receipt WHERE device = ?", (self.device,)
        ).fetchone()
        return row[0] or 0

    @property
    def sent_seq(self) -> int:
        """How far this journal was handed to a road."""
        return int(self._progress()["sent_seq"])

    @property
    def first_unsent_seq(self) -> int:
        """The number of the first record for the next request.

        It follows the last receipt, but where a restored server asked for something again.
        """
        after_receipt = self.received_seq + 1
        resend_from = self._progress()["resend_from"]
        return after_receipt if resend_from is None else min(after_receipt, resend_from)

    def clock(self) -> HybridClock:
        """Return this journal's hybrid clock as it stands."""
        known = self._progress()
        floors = {name: known[name] for name in ("floor_ms", "offset_ms")}
        return HybridClock(self._wall_clock, known["last_time"], **floors)

    def keep_clock(self, clock: HybridClock) -> None:
        """Write down what a clock has learnt since."""
        self._update(last_time=clock.last, floor_ms=clock.floor_ms, offset_ms=clock.offset_ms)

    def append(self, person: str, kind: str, body: Mapping[str, Any]) -> Record:
        """Write a record; on return from the outermost transaction it is on the disk.

        Raises:
            RecordError: ``record-invalid``, ``-too-large``, ``value-not-canonical``: nothing is.
        """
        with transaction(self._db):
            head, clock = self.head, self.clock()
            text = canonical_json(body)
            record = Record(self.device, head.seq + 1, clock.tick(), person, kind, json.loads(text))
            check_written(record, text)
            self._insert(record, text.decode("utf-8"), record_hash(head.hash, record))
            self.keep_clock(clock)
            self.note_written()
        return record

    def note_written(self) -> None:
        """Have what was written prepared for sending, where it may be locked by then."""
        self.bodies.written(self._db, self)

    def carry(self, record: Record) -> None:
        """Write a record of a former journal, made by ``branch.carried``; it keeps its time.

        Raises:
            RecordError: it is not the next one of this journal, or has no canonical form.
        """
        with transaction(self._db):
            head = self.head
            if (record.device, record.seq) != (self.device, head.seq + 1):
                raise RecordError("record-invalid", "seq")
            text = canonical_json(record.body).decode("utf-8")
            self._insert(record, text, record_hash(head.hash, record))

    def inherit(self, former: Journal) -> None:
        """Go on with the time that a former journal of this device had reached."""
        clock, before = self.clock(), former.clock()
        clock.last = max(clock.last, before.last)
        if before.floor_ms > clock.floor_ms:
            clock.floor_ms, clock.offset_ms = before.floor_ms, before.offset_ms
        self.keep_clock(clock)

    def all(self, after_seq: int = 0) -> Tuple[Record, ...]:
        """Return the records after a number, in their order."""
        return tuple(self._records("seq > ?", (after_seq,)))

    def _insert(self, record: Record, text: str, digest: bytes) -> None:
        body = self.bodies.lock(self._db, record, text)
        self._db.execute(
            "INSERT INTO sync_journal VALUES (?, ?, ?, ?, ?, ?, ?)",
            (record.device, record.seq, record.time, record.person, record.kind, body, digest),
        )

    def is_locked(self, seq: int) -> bool:
        """Tell whether a record's body is here and cannot be read now."""
        row = self._db.execute(
            "SELECT 1 FROM sync_journal WHERE device = ? AND seq = ? AND typeof(body) = 'blob'",
            (self.device, seq),
        ).fetchone()
        return row is not None and self.record(seq) is None

    def hash_at(self, seq: int) -> Optional[bytes]:
        """Return the chain's hash after record ``seq`` (zeros at 0), or None past the head."""
        if seq == 0:
            return NO_HASH
        row = self._db.execute(
            "SELECT hash FROM sync_journal WHERE device = ? AND seq = ?", (self.device, seq)
        ).fetchone()
        return row[0] if row else None

    def record(self, seq: int) -> Optional[Record]:
        """Return one record of this journal."""
        return next(self._records("seq = ?", (seq,)), None)

    def of_kind(self, kind: str, person: Optional[str] = None) -> Tuple[Record, ...]:
        """Return one kind's records in their order, of one person or of all, as they count."""
        condition, values = "kind = ?", [kind]
        if person is not None:
            condition, values = condition + " AND person = ?", [kind, person]
        return tuple(map(stored_dates(self._db).counted, self._records(condition, values)))

    def unreceived(self, after_seq: int, budget_bytes: int) -> Tuple[Record, ...]:
        """Return the records after ``after_seq`` that fit a budget, counted before compression.

        At least one is returned where there is any, so that a large record never blocks the rest.
        They end before the first that cannot be read now.
        """
        chosen: List[Record] = []
        left_bytes = budget_bytes
        for record in self._records("seq > ?", (after_seq,)):
            if record.seq != after_seq + len(chosen) + 1:
                break
            left_bytes -= OUTLINE_BYTES + len(canonical_json(record.body))
            if chosen and left_bytes < 0:
                break
            chosen.append(record)
        return tuple(chosen)

    def received_before(self, time_ms: int) -> int:
        """Return up to which record receipts older than ``time_ms`` cover this journal.

        What the server asked for again does not count as covered.
        """
        row = self._db.execute(
            "SELECT max(seq) FROM sync_receipt WHERE device = ? AND time_ms < ?",
            (self.device, time_ms),
        ).fetchone()
        resend_from = self._progress()["resend_from"]
        covered = row[0] or 0
        return covered if resend_from is None else min(covered, resend_from - 1)

    def refused_seqs(self) -> FrozenSet[int]:
        """Return the numbers of the records that the server does not accept."""
        rows = self._db.execute("SELECT seq FROM sync_refused WHERE device = ?", (self.device,))
        return frozenset(seq for (seq,) in rows)

    def drop(self, seqs: Sequence[int]) -> int:
        """Let go of the bodies of received records; return how many receipts went with them.

        Their hashes stay, so that the chain stays whole. A receipt that was the first for nothing
        but such records proves no more than the next one. ``compaction`` chooses what leaves.
        """
        with transaction(self._db):
            self._db.executemany(
                "UPDATE sync_journal SET time = 0, person = '', kind = '', body = ''"
                " WHERE device = ? AND seq = ? AND seq <= ?",
                [(self.device, seq, self.received_seq) for seq in seqs],
            )
            receipts = self._db.execute(
                "DELETE FROM sync_receipt AS r WHERE device = ?"
                " AND seq < (SELECT max(seq) FROM sync_receipt WHERE device = r.device)"
                " AND NOT EXISTS (SELECT 1 FROM sync_journal j WHERE j.device = r.device"
                " AND j.body <> '' AND j.seq <= r.seq AND j.seq > (SELECT coalesce(max(seq), 0)"
                " FROM sync_receipt b WHERE b.device = r.device AND b.seq < r.seq))",
                (self.device,),
            )
        return receipts.rowcount

    def has_all(self, first_seq: int) -> bool:
        """Tell whether all records from ``first_seq`` to the head are here with their bodies."""
        head_seq = self.head.seq
        (count,) = self._db.execute(
            "SELECT count(*) FROM sync_journal WHERE device = ? AND seq >= ? AND body <> ''",
            (self.device, first_seq),
        ).fetchone()
        return bool(count == max(0, head_seq - first_seq + 1))

    def _records(self, condition: str, values: Sequence[Any]) -> Iterator[Record]:
        rows = self._db.execute(
            "SELECT seq, time, person, kind, body FROM sync_journal"
            f" WHERE device = ? AND body <> '' AND {condition} ORDER BY seq",
            (self.device, *values),
        )
        for seq, time, person, kind, stored in rows:
            written = outline(self.device, seq, time, person, kind)
            found = readable(self._db, self.bodies, written, stored)
            if found is not None:
                yield found

    def note_sent(self, seq: int) -> None:
        """Write down that records up to ``seq`` were handed to a road whole."""
        if seq > self.sent_seq:
            self._update(sent_seq=min(seq, self.head.seq))

    def whole(self, receipt: Receipt) -> Receipt:
        """Put the hash in that a receipt left out: the one that this journal has there."""
        own = None if receipt.hash else self.hash_at(receipt.seq)
        return receipt if own is None else replace(receipt, hash=own)

    def check_receipt(self, receipt: Receipt, server: PublicIdentity) -> None:
        """Verify a whole receipt against the server's key and our own chain.

        Raises:
            ReceiptError: it is not the server's word about this journal.
            JournalError: ``journal-behind`` when it covers records that we do not have,
            ``journal-forked``
                when what it covers is not what we wrote.
        """
        own = self.hash_at(receipt.seq)
        if receipt.hash or own is not None:
            verify_receipt(receipt, self.device, server)
        if own is None:
            raise JournalError(
                "journal-behind", f"receipt up to {receipt.seq}, journal up to {self.head.seq}"
            )
        if own != receipt.hash:
            raise JournalError("journal-forked", f"at record {receipt.seq}")

    def accept_receipt(
        self, receipt: Receipt, server: PublicIdentity, *, settles: bool = True
    ) -> bool:
        """Keep a receipt that proves something, and tell whether it covers more than was covered.

        Unless it ``settles`` that, it may be older than the server's loss of what it covers.

        Raises:
            ReceiptError, JournalError: as ``check_receipt``; nothing is changed.
        """
        self.check_receipt(receipt, server)
        news = receipt.seq > self.received_seq
        with transaction(self._db):
            if news:
                self._db.execute(
                    "INSERT INTO sync_receipt VALUES (?, ?, ?, ?, ?)",
                    (receipt.device, receipt.seq, receipt.hash, receipt.time_ms, receipt.signature),
                )
            if settles:
                self._settle_resend(receipt.seq)
            self.note_sent(receipt.seq)
        return news

    def _settle_resend(self, seq: int) -> None:
        """Move the point to send again from; forget it once all that was covered is held again."""
        resend_from = self._progress()["resend_from"]
        if resend_from is None or seq < resend_from:
            return
        self._update(resend_from=None if seq >= self.received_seq else seq + 1)

    def request_resend(self, seq: int) -> None:
        """Send from ``seq`` on again, though receipts covered it: the server lost it.

        Raises:
            JournalError: ``journal-compacted``: not all of that is here any more.
        """
        if not 1 <= seq <= self.received_seq:
            return
        if not self.has_all(seq):
            raise JournalError("journal-compacted", f"asked again from {seq} on")
        self._update(resend_from=seq)

    def last_receipt(self) -> Optional[Receipt]:
        """Return the receipt that covers most."""
        row = self._db.execute(
            "SELECT device, seq, hash, time_ms, signature FROM sync_receipt"
            " WHERE device = ? ORDER BY seq DESC LIMIT 1",
            (self.device,),
        ).fetchone()
        return Receipt(*row) if row else None

    def note_refused(self, refused: Sequence[Tuple[int, str]]) -> None:
        """Keep the server's codes for records that it holds but does not accept."""
        self._db.executemany(
            "INSERT OR REPLACE INTO sync_refused VALUES (?, ?, ?)",
            [(self.device, seq, code) for seq, code in refused],
        )

    def state(self, seq: int) -> RecordState:
        """Return where record ``seq`` is."""
        row = self._db.execute(
            "SELECT time_ms FROM sync_receipt WHERE device = ? AND seq >= ? ORDER BY seq LIMIT 1",
            (self.device, seq),
        ).fetchone()
        refused = self._db.execute(
            "SELECT code FROM sync_refused WHERE device = ? AND seq = ?", (self.device, seq)
        ).fetchone()
        if row:
            return RecordState(Station.RECEIVED, row[0], refused[0] if refused else None)
        return RecordState(Station.SENT if seq <= self.sent_seq else Station.SAVED, None, None)

    def waiting_count(self, kind: Optional[str] = None) -> int:
        """Count the records, of one kind or of all, that no receipt covers yet."""
        query = "SELECT count(*) FROM sync_journal WHERE device = ? AND seq > ?"
        values: List[Any] = [self.device, self.received_seq]
        if kind is not None:
            query, values = query + " AND kind = ?", [*values, kind]
        return int(self._db.execute(query, values).fetchone()[0])

    def _progress(self) -> Dict[str, Any]:
        row = self._db.execute(
            "SELECT sent_seq, resend_from, last_time, floor_ms, offset_ms"
            " FROM sync_progress WHERE device = ?",
            (self.device,),
        ).fetchone()
        names = ("sent_seq", "resend_from", "last_time", "floor_ms", "offset_ms")
        return dict(zip(names, row or (0, None, 0, 0, 0)))

    def _update(self, **values: Optional[int]) -> None:
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO sync_progress (device) VALUES (?)", (self.device,)
            )
            columns = ", ".join(f"{name} = ?" for name in values)
            self._db.execute(
                f"UPDATE sync_progress SET {columns} WHERE device = ?",
                (*values.values(), self.device),
            )
