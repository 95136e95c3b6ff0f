"""What a laptop says of its own wrong clock, once it has found out.

A receipt tells by when the server had the records that it covers. Where some of them claim to be
from over a day later, a record of the kind ``clock`` says by when they had been written, one for
each person (who may read the ones may read the other). ``dating`` says what follows. The laptop's
own clock goes back with them, so that what comes next counts when it was written.
"""

from __future__ import annotations

import sqlite3
from typing import Dict, Iterator, List, Set, Tuple

from sync.clock import MAX_AHEAD_MS, hybrid_time, milliseconds
from sync.database import transaction
from sync.journals.bodies import Bodies, outline, readable
from sync.journals.branch import original
from sync.journals.dating import Dates, stored_dates
from sync.journals.journal import Journal
from sync.kinds import CLOCK, TO_STUDENTS
from sync.record import Record

MAX_LATE_MS = 30 * 24 * 3600 * 1000
"""How old an answer by letter may be that tells something new."""
_Writer = Tuple[str, str]


def claims_to_be_later(db: sqlite3.Connection, journal: Journal, after_seq: int, ms: int) -> bool:
    """Tell whether a record after a number claims to be from over a day after some time."""
    row = db.execute(
        "SELECT 1 FROM sync_journal WHERE device = ? AND seq > ? AND time >= ?"
        " AND body <> '' AND kind <> ? LIMIT 1",
        (journal.device, after_seq, hybrid_time(ms + MAX_AHEAD_MS + 1), CLOCK),
    ).fetchone()
    return row is not None


def say_when(db: sqlite3.Connection, journal: Journal, time_ms: int) -> Tuple[Record, ...]:
    """Write down what was written before ``time_ms`` and claims to be from over a day later.

    Returns the clock records, none where nothing does. What the server is known to hold of this
    disk's journals was written before.

    Args:
        db: The database of the journals.
        journal: The one that writes now.
        time_ms: When the server held all that it is known to hold, by its clock.
    """
    limit = hybrid_time(time_ms)
    with transaction(db):
        if _server_went_back(db, journal, time_ms):
            return ()
        dates, later = stored_dates(db), list(_written_after(db, journal.bodies, limit))
        held = _held(db, journal)
        wrong = [
            one
            for one in later
            if one.seq <= held.get(one.device, 0) and dates.counted(one).time > limit
        ]
        times = (milliseconds(dates.counted(one).time) for one in wrong)
        if max(times, default=0) <= time_ms + MAX_AHEAD_MS:
            return ()
        words = _words(wrong, time_ms)
        said = Dates(words)
        if all(min(dates.counted(one).time, said.counted(one).time) <= limit for one in later):
            _set_back(journal, limit)
        return tuple(journal.append(person, CLOCK, body) for person, body in words)


def _server_went_back(db: sqlite3.Connection, journal: Journal, time_ms: int) -> bool:
    """Tell whether it is the server's clock that lies.

    An earlier receipt has a later time then, or its time lies long before what it showed already.
    """
    if time_ms < journal.clock().floor_ms - MAX_LATE_MS:
        return True
    (last_ms,) = db.execute(
        "SELECT max(time_ms) FROM sync_receipt WHERE device = ? AND seq < ?",
        (journal.device, journal.received_seq),
    ).fetchone()
    return last_ms is not None and last_ms > time_ms


def _written_after(db: sqlite3.Connection, bodies: Bodies, limit: int) -> Iterator[Record]:
    """Yield what this disk's journals hold that claims to be from after a hybrid time.

    Of what is locked now, the outline: when it was written may be said though its writer is away.
    """
    rows = db.execute(
        "SELECT device, seq, time, person, kind, body FROM sync_journal"
        " WHERE time > ? AND body <> '' AND kind <> ? ORDER BY device, seq",
        (limit, CLOCK),
    )
    for device, seq, time, person, kind, stored in rows:
        written = outline(device, seq, time, person, kind)
        yield readable(db, bodies, written, stored) or written


def _held(db: sqlite3.Connection, journal: Journal) -> Dict[str, int]:
    """Return how far the server is known to have held the journals of this disk."""
    rows = db.execute(
        "SELECT parent, shared_seq FROM sync_identity WHERE adopted > 0 AND shared_seq >= 0"
    )
    return {**dict(rows.fetchall()), journal.device: journal.received_seq}


def _words(wrong: List[Record], time_ms: int) -> List[Tuple[str, Dict[str, object]]]:
    """Return persons and what is to be said of their records, under the names they had first."""
    seqs: Dict[_Writer, int] = {}
    students: Dict[_Writer, Set[str]] = {}
    for one in wrong:
        first = original(one)
        writer = first.device, first.person
        seqs[writer] = max(first.seq, seqs.get(writer, 0))
        if one.kind in TO_STUDENTS and "student" in one.body:
            students.setdefault(writer, set()).add(one.body["student"])
    return [
        (
            person,
            {
                "device": device,
                "seq": seq,
                "time_ms": time_ms,
                "students": sorted(students.get((device, person), ())),
            },
        )
        for (device, person), seq in sorted(seqs.items())
    ]


def _set_back(journal: Journal, limit: int) -> None:
    clock = journal.clock()
    clock.last = min(clock.last, limit)
    journal.keep_clock(clock)
