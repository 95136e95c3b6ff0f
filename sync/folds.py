"""State as a fold over records: the latest of each thing counts, what it replaced stays visible.

The order is that of hybrid clocks, then of names, so all devices agree. Records may come in any
order and any number of times: adding them one by one gives what a rebuilding gives.
"""

from __future__ import annotations

import bisect
import json
from dataclasses import replace
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from sync import kinds
from sync.branch import content_digest, original
from sync.record import Record

Key = Tuple[str, ...]
_Sorted = Tuple[int, str, int, bytes]


def _by(*names: str) -> Callable[[Record], Key]:
    return lambda record: tuple(_name(record.body[name]) for name in names)


def _of_person(*names: str) -> Callable[[Record], Key]:
    return lambda record: (record.person, *_by(*names)(record))


def _name(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_KEYS: Mapping[str, Callable[[Record], Key]] = {
    kinds.SUBMISSION: _of_person("pack", "lesson", "task"),
    kinds.ATTEMPT: _of_person("pack", "lesson", "task", "item"),
    kinds.DRAFT: _of_person("pack", "lesson", "task"),
    kinds.PROGRESS: _of_person("pack", "lesson"),
    kinds.RATING: _of_person("pack", "lesson"),
    kinds.MARK: _by("device", "seq"),
    kinds.FEEDBACK: _by("device", "seq", "item"),
    kinds.ASSIGNMENT: _by("pack", "lesson", "task"),
    kinds.CLASS_PLAN: _by("class"),
    kinds.ROSTER: _by("person"),
    kinds.DEVICE_REPORT: lambda record: (record.device,),
}
"""What a record of a kind is about; of any other kind each record is about itself."""


def subject_of(record: Record) -> Key:
    """Return what a record is about: of two with the same subject the later one counts."""
    first = original(record)
    find = _KEYS.get(record.kind)
    if find is None:
        return record.kind, first.device, str(first.seq), content_digest(record).hex()
    return (record.kind, *find(first))


class Fold:
    """The state that a set of well-shaped records makes.

    A fact may come several times: as it was written, as branches carried it, and with the time that
    a server gave it instead of one from a wrong clock. The earliest time counts.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._order: Dict[Key, List[_Sorted]] = {}
        self._records: Dict[bytes, Record] = {}
        for record in records:
            self.add(record)

    def add(self, record: Record) -> bool:
        """Take a record in; return whether the fact was new."""
        fact = content_digest(record)
        known = self._records.get(fact)
        if known is None:
            self._records[fact] = record
            bisect.insort(self._order.setdefault(subject_of(record), []), _place(record, fact))
            return True
        # Of a fact that was carried over the copy with the smallest name stands for all.
        named = min(known, record, key=lambda one: (one.device, one.seq))
        self._records[fact] = replace(named, time=min(known.time, record.time))
        if record.time < known.time:
            order = self._order[subject_of(known)]
            order.remove(_place(known, fact))
            bisect.insort(order, _place(record, fact))
        return False

    def latest(self, subject: Key) -> Optional[Record]:
        """Return the record that counts for a subject."""
        history = self.history(subject)
        return history[-1] if history else None

    def history(self, subject: Key) -> Tuple[Record, ...]:
        """Return all records of a subject, the one that counts last."""
        return tuple(self._records[place[-1]] for place in self._order.get(subject, ()))

    def replaced(self) -> Tuple[Record, ...]:
        """Return the records that count no more."""
        return tuple(record for one in self._order for record in self.history(one)[:-1])

    def state(self) -> Mapping[Key, Tuple[Record, ...]]:
        """Return everything: the history of each subject."""
        return {subject: self.history(subject) for subject in self._order}


def _place(record: Record, fact: bytes) -> _Sorted:
    first = original(record)
    return first.time, first.device, first.seq, fact
