"""How work stands, in one sentence: what waits, and what the school received last."""

from __future__ import annotations

from typing import Optional

from client.laptop.attaching.offers import waiting_count
from client.laptop.store import Store
from client.messages import Message
from client.messages.moment import Moment
from sync.kinds import MARK, SUBMISSION

WORK_KINDS = (SUBMISSION, MARK)


def waiting(store: Store) -> int:
    """Count the works and marks that no receipt covers."""
    journal = store.journal()
    return sum(journal.waiting_count(kind) for kind in WORK_KINDS)


def standing(store: Store) -> Message:
    """Say how work stands."""
    journal = store.journal()
    works = journal.waiting_count(SUBMISSION)
    marks = journal.waiting_count(MARK)
    if works or marks:
        if _all_left_by_stick(store):
            key = "status.on-stick" if works else "status.on-stick-marks"
        else:
            key = "status.waiting" if works else "status.waiting-marks"
        return Message(key, {"n": works or marks})
    files = waiting_count(store)
    if files:
        return Message("status.waiting-files", {"n": files})
    received_ms = _last_work_received_ms(store)
    if received_ms is None:
        return Message("status.nothing")
    return Message("status.received", {"time": Moment(received_ms)})


def _all_left_by_stick(store: Store) -> bool:
    """Tell whether all works and marks lie in letters of ours that went off with a stick."""
    journal = store.journal()
    (left_seq,) = store.database.connection.execute(
        "SELECT coalesce(max(last_seq), 0) FROM sync_letter WHERE device = ? AND last_seq <= ?",
        (journal.device, journal.sent_seq),
    ).fetchone()
    return 0 < _last_work_seq(store) <= int(left_seq)


def _last_work_received_ms(store: Store) -> Optional[int]:
    """When the school received the last work or mark: later receipts may cover less."""
    last = _last_work_seq(store)
    return store.journal().state(last).received_ms if last else None


def _last_work_seq(store: Store) -> int:
    journal = store.journal()
    seqs = [journal.of_kind(kind)[-1:] for kind in WORK_KINDS]
    return max((record.seq for records in seqs for record in records), default=0)
