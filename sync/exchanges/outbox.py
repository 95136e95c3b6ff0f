"""Requests that were made while their records could be read, for when they cannot be.

What a person writes into a journal is locked on the disk when they leave, and is to travel all the
same. So while they are here, each of their records is also put into a request that is signed and
sealed to the server, exactly as it would go over a road or into a letter; it can be sent by whoever
has the disk, and read by the server alone.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import List, Mapping, Optional, Sequence, Tuple

from sync.canonical import canonical_json
from sync.exchanges.exchange import ExchangeRequest
from sync.identity import Identity, PublicIdentity
from sync.journals.journal import Journal
from sync.message import Kind, make_message
from sync.record import Head, Record
from sync.schema import create_tables

FULL_RECORDS = 64
FULL_BYTES = 48 * 1024
"""A request that holds so much takes no more: the next record begins a new one."""


@dataclass(frozen=True)
class Prepared:
    """A request message that holds the records from one number to another."""

    first_seq: int
    last_seq: int
    message: bytes


class Outbox:
    """The prepared requests in a database, whose open transaction every method joins."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Open the outbox, making its table where it is missing.

        Raises:
            DatabaseError: ``database-newer``.
        """
        create_tables(db)
        self._db = db

    def prepare(
        self,
        journal: Journal,
        identity: Identity,
        server: PublicIdentity,
        catalogues: Mapping[str, int],
    ) -> None:
        """Put what was written last into a request, as far back as it can be read.

        The last request grows until it is full or was received. ``catalogues`` are those known now,
        so that the answer need not tell of them.
        """
        last = self._last(journal.device)
        first_seq = max(last.last_seq if last else 0, journal.received_seq) + 1
        if last and last.last_seq > journal.received_seq and not self._is_full(last):
            first_seq = last.first_seq
        for records in _runs(_tail(journal.all(after_seq=first_seq - 1), journal.head.seq)):
            self._add(journal, records, _request(journal, records, identity, server, catalogues))

    def prepare_all(
        self,
        journal: Journal,
        identity: Identity,
        server: PublicIdentity,
        catalogues: Mapping[str, int],
    ) -> None:
        """Put all into requests that waits, can be read now, and is in none yet."""
        for records in _runs(journal.all(after_seq=journal.first_unsent_seq - 1)):
            if not self._covers(journal.device, records[0].seq, records[-1].seq):
                message = _request(journal, records, identity, server, catalogues)
                self._add(journal, records, message)

    def _add(self, journal: Journal, records: Tuple[Record, ...], message: bytes) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO sync_outbox VALUES (?, ?, ?, ?)",
            (journal.device, records[0].seq, records[-1].seq, message),
        )

    def holding(self, device: str, seq: int) -> Optional[Prepared]:
        """Return a request that holds a record; None where there is none."""
        row = self._db.execute(
            "SELECT first_seq, last_seq, message FROM sync_outbox"
            " WHERE device = ? AND first_seq <= ? AND last_seq >= ? ORDER BY last_seq DESC LIMIT 1",
            (device, seq, seq),
        ).fetchone()
        return Prepared(*row) if row else None

    def _covers(self, device: str, first_seq: int, last_seq: int) -> bool:
        """Tell whether all records from one number to another are in requests."""
        seq = first_seq
        while seq <= last_seq:
            found = self.holding(device, seq)
            if found is None:
                return False
            seq = found.last_seq + 1
        return True

    def _last(self, device: str) -> Optional[Prepared]:
        row = self._db.execute(
            "SELECT first_seq, last_seq, message FROM sync_outbox"
            " WHERE device = ? ORDER BY last_seq DESC LIMIT 1",
            (device,),
        ).fetchone()
        return Prepared(*row) if row else None

    @staticmethod
    def _is_full(prepared: Prepared) -> bool:
        count = prepared.last_seq - prepared.first_seq + 1
        return count >= FULL_RECORDS or len(prepared.message) >= FULL_BYTES


def unprepared(db: sqlite3.Connection, journal: Journal) -> Tuple[int, ...]:
    """Return the numbers of locked records that can be sent only when their owner is here.

    There are some where a journal was carried over, or its file rebuilt, while they were away.
    """
    box, first_seq = Outbox(db), journal.first_unsent_seq
    waiting = range(first_seq, journal.head.seq + 1)
    locked = (seq for seq in waiting if journal.is_locked(seq))
    return tuple(seq for seq in locked if box.holding(journal.device, seq) is None)


def next_prepared(db: sqlite3.Connection, journal: Journal) -> Optional[Prepared]:
    """Return the request that is to be sent as it was made; None where none is needed now."""
    return prepared_from(db, journal, journal.first_unsent_seq)


def prepared_from(db: sqlite3.Connection, journal: Journal, seq: int) -> Optional[Prepared]:
    """Return the request that holds a record which cannot be read now, if it is one."""
    if seq > journal.head.seq or not journal.is_locked(seq):
        return None
    return Outbox(db).holding(journal.device, seq)


def _tail(records: Sequence[Record], head_seq: int) -> Sequence[Record]:
    """Return those that lead up to the head without a gap."""
    at = len(records)
    while at and records[at - 1].seq == head_seq - (len(records) - at):
        at -= 1
    return records[at:]


def _runs(records: Sequence[Record]) -> List[Tuple[Record, ...]]:
    """Split records into runs without a gap, each of which one request takes."""
    runs: List[List[Record]] = []
    size_bytes = 0
    for record in records:
        here_bytes = len(canonical_json(record.body))
        full = bool(runs) and (
            len(runs[-1]) >= FULL_RECORDS or size_bytes + here_bytes > FULL_BYTES
        )
        if not runs or full or runs[-1][-1].seq != record.seq - 1:
            runs.append([])
            size_bytes = 0
        runs[-1].append(record)
        size_bytes += here_bytes
    return [tuple(run) for run in runs]


def _request(
    journal: Journal,
    records: Tuple[Record, ...],
    identity: Identity,
    server: PublicIdentity,
    catalogues: Mapping[str, int],
) -> bytes:
    last_seq = records[-1].seq
    request = ExchangeRequest(
        device=journal.device,
        device_head=Head(last_seq, journal.hash_at(last_seq) or b""),
        first_seq=records[0].seq,
        records=records,
        # What others wrote is asked for when this is sent, by a request that knows how far we are.
        cursor="",
        catalogues=dict(catalogues),
        room_bytes=0,
    )
    return make_message(Kind.EXCHANGE_REQUEST, request.to_payload(), identity, server)
