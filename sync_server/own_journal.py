"""The server's own journal: what the server itself says, in the form of everybody's records."""

from __future__ import annotations

from typing import Any, Mapping

from sync.canonical import canonical_json
from sync.clock import Clock, HybridClock
from sync.kinds import validate
from sync.record import NO_HASH, Record, record_hash
from sync_server.routing import readers_of
from sync_server.store.model import JournalEnd, NewRecord
from sync_server.store.protocol import Transaction

_CLOCK = "own-clock"


class OwnJournal:
    """Appends to the server's journal within somebody's transaction."""

    def __init__(self, transaction: Transaction, device_id: str, clock: Clock) -> None:
        self._transaction = transaction
        self._device_id = device_id
        self._clock = HybridClock(clock, int(transaction.setting(_CLOCK) or 0))

    def append(self, person_id: str, kind: str, body: Mapping[str, Any]) -> Record:
        """Write one record about a person and address it to its readers.

        Raises:
            sync.errors.RecordError: the body has not the shape that the kind asks for.
        """
        end = self._transaction.journal_end(self._device_id) or JournalEnd(0, NO_HASH, 0)
        time = self._clock.tick()
        record = Record(self._device_id, end.seq + 1, time, person_id, kind, body)
        validate(record)
        body_json = canonical_json(body)
        new_hash = record_hash(end.hash, record, body_json)
        now_ms = self._clock.now_ms()
        new = NewRecord(record, body_json, new_hash, readers_of(record, None), now_ms)
        self._transaction.add_records([new])
        self._transaction.set_journal_end(self._device_id, JournalEnd(record.seq, new_hash, now_ms))
        self._transaction.set_setting(_CLOCK, str(time))
        return record
