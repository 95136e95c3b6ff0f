"""A relay takes back what it once held: its own journals, as the upstream kept them.

After a restore, and where two copies of a journal grew apart meanwhile, the upstream's copy is what
this server had said before, so it wins. What it displaces is not lost: it is put aside, and written
down once more in the server's own journal as soon as both servers agree.
"""

from __future__ import annotations

import dataclasses
from typing import Container, Optional

from sync.errors import SyncError
from sync.identity import Identity
from sync.journals.branch import ORIGIN, fact_digest, original
from sync.kinds import validate
from sync.record import NO_HASH, Record, record_bytes, record_from_bytes
from sync.relaying.run import Run
from sync_server.devices.branches import KNOWN, repetition
from sync_server.exchanges.holding import held_of, keep
from sync_server.exchanges.intake import FORKED, Intake, plan_run
from sync_server.records.own_journal import OwnJournal
from sync_server.records.routing import people_of, readers_of, relay_reader
from sync_server.records.rules import refusal
from sync_server.relay.announcements import SAID_BY_SERVERS, learn_own
from sync_server.relay.judging import Judge
from sync_server.relay.runs import request_of
from sync_server.store.model import WAITING, JournalEnd, PutAside
from sync_server.store.protocol import Transaction


def take_back(transaction: Transaction, run: Run, identity: Identity, now_ms: int) -> None:
    """Keep a run of a journal that this server relays; what is known already changes nothing."""
    intake = _planned(transaction, run, identity, now_ms)
    if intake.forked:
        _displace(transaction, run.device, min(seq for seq, _ in intake.refused), now_ms)
        intake = _planned(transaction, run, identity, now_ms)
    if not intake.forked:
        keep(transaction, run.device, intake)


def _planned(transaction: Transaction, run: Run, identity: Identity, now_ms: int) -> Intake:
    request = request_of(run)
    own_id = identity.public.device_id
    journal = transaction.relayed(run.device)
    held = held_of(transaction, request)
    if journal is not None:
        judge = Judge(transaction, journal, own_id, now_ms)
        return plan_run(request, held, judge.refusal, judge.readers, now_ms)
    own = _OwnJudge(transaction, run.device, own_id, now_ms)
    return plan_run(request, held, own.refusal, own.readers, now_ms)


class _OwnJudge:
    """Judges anew what this server itself or its laptops wrote, as it did at first."""

    def __init__(self, transaction: Transaction, device: str, own_id: str, now_ms: int) -> None:
        self._transaction = transaction
        self._device = device
        self._own_id = own_id
        self._now_ms = now_ms
        self._granted = {person.id: person for person in transaction.granted(device)}
        self._continued = transaction.is_continued(device)

    def refusal(self, record: Record) -> Optional[str]:
        if self._device != self._own_id:
            code = refusal(record, self._granted, self._transaction)
            return code or repetition(record, self._continued, self._transaction)
        try:
            validate(record)
            if record.kind in SAID_BY_SERVERS:
                learn_own(self._transaction, record, self._own_id, self._now_ms)
                return None
        except SyncError as error:
            # This server never wrote that.
            return error.code
        # What was written down here for a laptop, that laptop may have sent again meanwhile.
        return KNOWN if _is_known(self._transaction, record) else None

    def readers(self, record: Record) -> tuple[str, ...]:
        author = self._transaction.person(record.person)
        relays = self._transaction.relays_of(people_of(record))
        return (*readers_of(record, author), *map(relay_reader, relays))


def _displace(transaction: Transaction, device: str, seq: int, now_ms: int) -> None:
    """Make room in a journal from a number on for another server's copy of it."""
    waiting = [
        PutAside(device, item.seq, item.hash, WAITING, record_bytes(item.record), now_ms, False)
        for item in transaction.journal_from(device, seq)
        if item.record is not None
    ]
    before = {0: NO_HASH, **transaction.hashes(device, seq - 1, seq - 1)}
    transaction.cut_journal(device, seq)
    transaction.set_waiting(waiting)
    transaction.set_journal_end(device, JournalEnd(seq - 1, before[seq - 1], now_ms))


def carry_waiting(
    transaction: Transaction, journal: OwnJournal, except_for: Container[str] = ()
) -> None:
    """Write down once more what was displaced, each fact once.

    Args:
        transaction: In which it happens.
        journal: The server's own.
        except_for: Journals of which the other copy has not arrived in full.
    """
    for aside in transaction.waiting_branches():
        if aside.device in except_for:
            continue
        record = _record(aside)
        if record is not None and not _is_known(transaction, record):
            journal.carry(record)
        transaction.set_waiting([dataclasses.replace(aside, code=FORKED)])


def _record(aside: PutAside) -> Optional[Record]:
    try:
        return record_from_bytes(aside.content)
    except SyncError:
        return None


def _is_known(transaction: Transaction, record: Record) -> bool:
    first = original(record)
    kept = transaction.kept_record(first.device, first.seq)
    same = kept is not None and ORIGIN not in kept.body and fact_digest(kept) == fact_digest(record)
    return same or transaction.is_carried(fact_digest(record))
