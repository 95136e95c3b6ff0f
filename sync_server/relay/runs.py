"""Runs of journals as two servers pass them to each other, out of the store and into a plan."""

from __future__ import annotations

from typing import List, NamedTuple, Optional

from sync.exchanges.exchange import ExchangeRequest
from sync.journals.journal import OUTLINE_BYTES
from sync.record import Head, record_from_bytes
from sync.relaying.heads import CHECK_BYTES
from sync.relaying.run import Run
from sync_server.store.model import JournalItem
from sync_server.store.protocol import Transaction


class Collected(NamedTuple):
    """A run, the head after it, and what it takes before compression."""

    run: Run
    head: Head
    size_bytes: int


def collect_run(
    transaction: Transaction, device: str, first_seq: int, room_bytes: int, max_records: int
) -> Optional[Collected]:
    """Return one journal's records from a number on, as far as room goes; None where none is.

    One at least, so that nothing blocks the rest.
    """
    items: List[JournalItem] = []
    size_bytes = 0
    for item in transaction.journal_from(device, first_seq):
        needed_bytes = OUTLINE_BYTES + item.size_bytes
        if items and (size_bytes + needed_bytes > room_bytes or len(items) >= max_records):
            break
        size_bytes += needed_bytes
        items.append(item)
    if not items:
        return None
    records = [item.record or record_from_bytes(item.content) for item in items]
    run = Run(
        tuple(records),
        items[-1].hash[:CHECK_BYTES],
        {item.seq: item.code for item in items if item.record is None},
    )
    return Collected(run, Head(items[-1].seq, items[-1].hash), size_bytes)


def request_of(run: Run) -> ExchangeRequest:
    """Return a run in the form in which a device itself would send it."""
    head = Head(run.first_seq + len(run.records) - 1, run.check)
    return ExchangeRequest(run.device, head, run.first_seq, run.records)
