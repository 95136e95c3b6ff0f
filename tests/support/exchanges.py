"""What tests of exchanges ask of an outcome, and requests that no honest journal writes."""

from __future__ import annotations

import dataclasses

from sync.clock import hybrid_time
from sync.kinds import SUBMISSION
from sync.record import Head, Record, record_hash


def kinds(outcome):
    return [record.kind for record in outcome.records]


def held(school):
    with school.store.transaction() as transaction:
        return transaction.counts()["records"]


def forged_run(device, bodies, kind=SUBMISSION, person=None):
    """A request with records that the device's own journal would never write."""
    previous, records = device.journal.head, []
    for at, body in enumerate(bodies, 1):
        seq = previous.seq + 1
        author = person or device.people[0].id
        record = Record(device.id, seq, hybrid_time(1_788_000_000_000 + at), author, kind, body)
        records.append(record)
        previous = Head(seq, record_hash(previous.hash, record))
    first = records[0].seq
    return dataclasses.replace(
        device.request(), device_head=previous, first_seq=first, records=tuple(records)
    )
