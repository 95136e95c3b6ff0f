"""When sealed tests open: the server keeps their codes until then, and tells them once.

No timer is needed: each exchange, of a laptop or of a server below, asks first whether it is time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Iterable, List, Tuple

from sync.clock import Clock
from sync.kinds import OPENING
from sync.people import Person
from sync_server.errors import SetupError
from sync_server.records.own_journal import OwnJournal
from sync_server.records.routing import TEACHER
from sync_server.store.protocol import Transaction

_ALL = "openings"
_NEXT_MS = "openings-next-ms"
"""When there is next something to tell: the one thing that an exchange looks up."""


@dataclass(frozen=True)
class Opening:
    """A code, what it opens, for which class, and from when on by this server's clock."""

    pack: str
    lesson: str
    task: str
    code: str
    class_name: str
    school: str
    time_ms: int
    told: bool = False

    def is_like(self, other: Opening) -> bool:
        """Tell whether both are the same but for their time."""
        return replace(self, time_ms=0, told=False) == replace(other, time_ms=0, told=False)


def plan_opening(transaction: Transaction, wanted: Opening) -> Opening:
    """Keep an opening and return it as it is kept.

    The same again changes its time, unless it has been told.

    Raises:
        SetupError: nobody is in that class.
    """
    if not transaction.people_of_class(wanted.class_name, wanted.school):
        raise SetupError(
            f"Nobody is in class {wanted.class_name} yet: look at its name, or enrol it first."
        )
    known = openings(transaction)
    same = [one for one in known if one.is_like(wanted)]
    if any(one.told for one in same):
        return next(one for one in same if one.told)
    _keep(transaction, [*(one for one in known if one not in same), wanted])
    return wanted


def openings(transaction: Transaction) -> Tuple[Opening, ...]:
    """Return all that were ever planned, in that order."""
    return tuple(Opening(**values) for values in json.loads(transaction.setting(_ALL) or "[]"))


def tell_due(transaction: Transaction, own_id: str, clock: Clock) -> None:
    """Write a record of each opening whose time has come, so that it is in the mail."""
    next_ms, now_ms = transaction.setting(_NEXT_MS), clock.now_ms()
    if not next_ms or now_ms < int(next_ms):
        return
    journal = OwnJournal(transaction, own_id, clock)
    known = openings(transaction)
    due = [one for one in known if not one.told and one.time_ms <= now_ms]
    _keep(transaction, [_told(transaction, journal, one) if one in due else one for one in known])


def _told(transaction: Transaction, journal: OwnJournal, opening: Opening) -> Opening:
    people = transaction.people_of_class(opening.class_name, opening.school)
    if not people:
        return opening
    names = "pack", "lesson", "task", "code"
    body = {name: getattr(opening, name) for name in names}
    journal.append(_speaker(people).id, OPENING, body)
    return replace(opening, told=True)


def _speaker(people: Iterable[Person]) -> Person:
    """Choose whose class the record reaches: as with what a teacher gives a class."""
    return min(people, key=lambda person: person.role != TEACHER)


def _keep(transaction: Transaction, known: List[Opening]) -> None:
    waiting = [one.time_ms for one in known if not one.told]
    transaction.set_setting(_ALL, json.dumps([asdict(one) for one in known], ensure_ascii=False))
    transaction.set_setting(_NEXT_MS, str(min(waiting)) if waiting else "")
