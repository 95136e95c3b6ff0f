"""The server's own journal: what the server itself says, in the form of everybody's records."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from sync.canonical import canonical_json
from sync.clock import Clock, HybridClock
from sync.journals.branch import carried
from sync.kinds import validate
from sync.record import NO_HASH, Record, record_hash
from sync_server.records.routing import people_of, readers_of, relay_reader
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
        time = self._clock.tick()
        self._transaction.set_setting(_CLOCK, str(time))
        return self._add(lambda seq: Record(self._device_id, seq, time, person_id, kind, body))

    @property
    def time(self) -> int:
        """The hybrid time of what was written or witnessed last."""
        return self._clock.last

    def carry(self, record: Record) -> Record:
        """Write down once more what another journal lost the number for; its time stays."""
        return self._add(lambda seq: carried(record, self._device_id, seq))

    def witness(self, time: int) -> None:
        """Learn of something that happened elsewhere: what is written next comes after it."""
        self._clock.witness(time)
        self._transaction.set_setting(_CLOCK, str(self._clock.last))

    def _add(self, make: Callable[[int], Record]) -> Record:
        end = self._transaction.journal_end(self._device_id) or JournalEnd(0, NO_HASH, 0)
        record = make(end.seq + 1)
        validate(record)
        body_json = canonical_json(record.body)
        new_hash = record_hash(end.hash, record, body_json)
        now_ms = self._clock.now_ms()
        author = self._transaction.person(record.person)
        relays = self._transaction.relays_of(people_of(record))
        readers = (*readers_of(record, author), *map(relay_reader, relays))
        new = NewRecord(record, body_json, new_hash, readers, now_ms)
        self._transaction.add_records([new])
        self._transaction.set_journal_end(self._device_id, JournalEnd(record.seq, new_hash, now_ms))
        return record
