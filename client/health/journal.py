"""The work: whether each record follows from the one before it, and what waits for the school."""

from __future__ import annotations

import json
from typing import List, Optional

from client.health.finding import Finding, advice, ill, well
from client.laptop.schoolwork.standing import WORK_KINDS, waiting
from client.laptop.storage import quarantine
from client.laptop.storage.chain import chain_is_whole
from client.laptop.store import Store
from sync.clock import milliseconds
from sync.exchanges.outbox import unprepared

CHECK = "work"
LATE_DAYS = 7
DAY_MS = 86_400_000


def look_at_work(store: Store) -> List[Finding]:
    """Say whether the journal is whole, what waits for long, and what was put aside."""
    connection = store.database.connection
    found: List[Finding] = []
    if not chain_is_whole(connection):
        # Opening rebuilds such a file, so it happened since.
        found.append(ill(CHECK, "doctor.chain-broken", mendable=True))
    unreadable = _unreadable(store)
    if unreadable:
        found.append(advice(CHECK, "doctor.records-unreadable", n=unreadable))
    found += _waiting(store)
    alone = len(unprepared(connection, store.journal()))
    if alone:
        found.append(advice(CHECK, "doctor.work-waits-for-owner", n=alone))
    aside = len(quarantine.listing(connection)) + len(store.inbox().quarantined())
    if aside:
        names = [one.subject for one in quarantine.listing(connection)]
        found.append(advice(CHECK, "doctor.set-aside", ", ".join(names), n=aside))
    return found


def _waiting(store: Store) -> List[Finding]:
    count = waiting(store)
    if not count:
        return [well(CHECK, "doctor.work-received")]
    oldest_ms = _oldest_waiting_ms(store)
    days = 0 if oldest_ms is None else (store.now_ms() - oldest_ms) // DAY_MS
    if days < LATE_DAYS:
        return [well(CHECK, "doctor.work-waits", n=count)]
    return [advice(CHECK, "doctor.work-waits-long", n=count, days=days)]


def _oldest_waiting_ms(store: Store) -> Optional[int]:
    journal = store.journal()
    (oldest,) = store.database.connection.execute(
        "SELECT min(time) FROM sync_journal WHERE device = ? AND seq > ? AND kind IN (?, ?)",
        (journal.device, journal.received_seq, *WORK_KINDS),
    ).fetchone()
    return None if oldest is None else milliseconds(oldest)


def _unreadable(store: Store) -> int:
    """Count own records that the disk has damaged; the school has them, or the chain is broken.

    Those that are locked (bytes) are for their readers to look at.
    """
    rows = store.database.connection.execute(
        "SELECT body FROM sync_journal WHERE device = ? AND body <> '' AND typeof(body) = 'text'",
        (store.journal().device,),
    )
    return sum(not _is_json(body) for (body,) in rows)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
