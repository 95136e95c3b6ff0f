"""What the store holds of a journal, as an intake asks, and keeping what was planned."""

from __future__ import annotations

from typing import Dict

from sync.exchanges.exchange import ExchangeRequest
from sync.record import NO_HASH, Head
from sync_server.exchanges.intake import Held, Intake
from sync_server.store.model import JournalEnd
from sync_server.store.protocol import Transaction


def held_of(transaction: Transaction, request: ExchangeRequest) -> Held:
    """Return what is held of a journal, as far as a request touches it."""
    end = transaction.journal_end(request.device) or JournalEnd(0, NO_HASH, 0)
    last_seq = request.first_seq + len(request.records)
    hashes: Dict[int, bytes] = {0: NO_HASH}
    if end.seq:
        # What other servers told of this device lies past the end of its journal.
        span = request.first_seq - 1, min(last_seq, end.seq)
        hashes.update(transaction.hashes(request.device, *span))
        head_seq = request.device_head.seq
        if head_seq <= end.seq and not request.first_seq - 1 <= head_seq <= last_seq:
            hashes.update(transaction.hashes(request.device, head_seq, head_seq))
    refused = {
        item.seq: item.code
        for item in transaction.refusals(request.device, request.first_seq, last_seq)
        if item.chained
    }
    return Held(Head(end.seq, end.hash), hashes, refused)


def keep(transaction: Transaction, device_id: str, intake: Intake) -> None:
    """Write what was planned."""
    if intake.keep:
        # What came from elsewhere before the journal itself gives way to it.
        transaction.give_way(device_id, intake.keep[0].record.seq)
        transaction.add_records(intake.keep)
    transaction.put_aside(intake.aside)
    if intake.end is not None:
        transaction.set_journal_end(device_id, intake.end)
