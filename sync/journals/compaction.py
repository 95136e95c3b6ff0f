"""What may leave a laptop when its disk is short: what was received long ago and counts no more.

Every fold says the same before and after. Should a clock record that comes later show that what
replaced something is the older one, the server is asked to tell everything again (``Inbox``); in
one journal no such record changes the order. Of a journal only the bodies leave: numbers and hashes
stay, so the chain can still be checked, a receipt compared and a branch's parting found. What no
receipt covers never leaves; neither does what the server refused, nor what was carried over.

Should a server that came back from an old backup ask for what has left, the journal cannot be sent
again whole. It then goes on as a branch (``healing``): what is left is carried over, each fact
counts once, and what had left was replaced by something that is carried over too.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Collection, Dict, Iterable, List, Sequence

from sync import kinds
from sync.database import transaction
from sync.journals.branch import ORIGIN
from sync.journals.folds import Fold, Key, subject_of
from sync.journals.inbox import Inbox
from sync.journals.journal import Journal
from sync.record import Record

REPLACEABLE = (
    kinds.DRAFT,
    kinds.PROGRESS,
    kinds.RATING,
    kinds.DEVICE_REPORT,
    kinds.ROSTER,
    kinds.CLASS_PLAN,
    kinds.VAULT,
    kinds.SCHOOL_RULES,
)
"""Kinds of which nobody asks for what a later one replaced. Work, marks and words are not such."""


@dataclass(frozen=True)
class Compacted:
    """How many records left the journal and the inbox, and how many receipts left with them."""

    journal: int = 0
    inbox: int = 0
    receipts: int = 0


def plan_journal(
    own: Iterable[Record], others: Iterable[Record], refused: Collection[int] = ()
) -> List[int]:
    """Choose the numbers of a journal's records whose bodies may leave.

    What replaces a record must be in the same journal, written after it and received: so the server
    that acknowledged the one holds the other, whatever became of what others wrote.

    Args:
        own: The journal's records that were received long enough ago.
        others: Everything else that is known, for the times that count.
        refused: Numbers of ``own`` that the server does not accept: they neither leave nor
            stand for what leaves.
    """
    own = [one for one in own if one.kind in REPLACEABLE and one.seq not in refused]
    fold = Fold([*own, *others])
    later: Dict[Key, List[Record]] = {}
    leaving: List[int] = []
    for record in sorted(own, key=lambda one: one.seq, reverse=True):
        standing = later.setdefault(subject_of(record), [])
        replaced = any(fold.place(one) > fold.place(record) for one in standing)
        if replaced and _said_by(standing, record) and ORIGIN not in record.body:
            leaving.append(record.seq)
        else:
            standing.append(record)
    return sorted(leaving)


def plan_inbox(inbox: Iterable[Record], own: Iterable[Record]) -> List[Record]:
    """Choose the records of an inbox that may leave: the server has them all.

    One stays whose name another branch's record has.
    """
    inbox = [record for record in inbox if record.kind in REPLACEABLE]
    own = [record for record in own if record.kind in REPLACEABLE]
    fold = Fold([*inbox, *own])
    leaving = set()
    for history in fold.state().values():
        for at, record in enumerate(history[:-1]):
            if _said_by(history[at + 1 :], record):
                leaving.add(id(record))
    return [
        record
        for record in inbox
        if id(fold.counted(record)) in leaving and not fold.is_forked(record)
    ]


def _said_by(later: Sequence[Record], record: Record) -> bool:
    """Tell whether later records say all that is asked of this one: what was seen stays seen."""
    if record.kind == kinds.PROGRESS and record.body["seen"]:
        return any(one.body["seen"] for one in later)
    return True


def compact(
    db: sqlite3.Connection, journal: Journal, inbox: Inbox, received_before_ms: int
) -> Compacted:
    """Let go of what a laptop can do without, in one transaction; doing it again changes nothing.

    Args:
        db: The database of both.
        journal: The one that this laptop writes now.
        inbox: What came from others.
        received_before_ms: Only what the server acknowledged before this time of its clock leaves
            the journal. A server that comes back from a backup younger than that can be sent
            again all that it asks for.
    """
    with transaction(db):
        arrived = [record for kind in REPLACEABLE for record in inbox.of_kind(kind)]
        last_seq = journal.received_before(received_before_ms)
        own = [record for kind in REPLACEABLE for record in journal.of_kind(kind)]
        received = [record for record in own if record.seq <= last_seq]
        seqs = plan_journal(received, arrived, journal.refused_seqs())
        receipts = journal.drop(seqs)
        gone = set(seqs)
        left = [record for record in own if record.seq not in gone]
        dropped = inbox.drop(plan_inbox(arrived, left))
    return Compacted(len(seqs), dropped, receipts)
