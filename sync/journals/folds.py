"""State as a fold over records: the latest of each thing counts, what it replaced stays visible.

The order is that of hybrid clocks, then of names, so all devices agree. Records may come in any
order and any number of times: adding them one by one gives what a rebuilding gives.
"""

from __future__ import annotations

import json
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterable,
    List,
    Mapping,
    Optional,
    Set,
    Tuple,
)

from sync import kinds
from sync.journals.branch import ORIGIN, Origin, fact_digest, origin_of, original
from sync.record import Record

Key = Tuple[str, ...]
_Place = Tuple[int, str, int, bytes]


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
    # Of two branches of one journal, each may have another student's work under one number.
    kinds.MARK: _by("student", "device", "seq"),
    kinds.FEEDBACK: _by("student", "device", "seq", "item"),
    kinds.ASSIGNMENT: _by("pack", "lesson", "task"),
    kinds.CLASS_PLAN: _by("class"),
    kinds.ROSTER: _by("person"),
    kinds.DEVICE_REPORT: lambda record: (record.device,),
    kinds.VAULT: _by("person"),
    # A laptop belongs to one school, whose newest rules count.
    kinds.SCHOOL_RULES: lambda _: (),
}
"""What a record of a kind is about; of any other kind each record is about itself."""


def subject_of(record: Record) -> Key:
    """Return what a record is about: of two with the same subject the later one counts."""
    first = original(record)
    find = _KEYS.get(record.kind)
    if find is None:
        return record.kind, first.device, str(first.seq), fact_digest(record).hex()
    return (record.kind, *find(first))


class _Fact:
    """What one record stated first, under all the names that copies of it have."""

    def __init__(self, record: Record, subject: Key) -> None:
        self.record = record
        self.subject = subject
        self.names = {_name_of(record)}
        self.forked = False

    def add(self, copy: Record) -> bool:
        """Take in another copy; return whether the time that counts is an earlier one now."""
        self.names.add(_name_of(copy))
        before = self.record
        # What was written stands for what carried it on; of several, the smallest name.
        named = min(before, copy, key=lambda one: (ORIGIN in one.body, one.device, one.seq))
        self.record = named.counted_at(min(before.time, copy.time))
        return copy.time < before.time

    def place(self) -> _Place:
        """Return what the records of a subject are sorted by, the same on every device."""
        first = original(self.record)
        digest = fact_digest(first) if self.forked else b""
        return first.time, first.device, first.seq, digest


class Fold:
    """The state that a set of well-shaped records makes.

    Records come with the times that count (``dating``). A fact may come several times: as it was
    written and as branches carried it. The earliest time counts.
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._facts: Dict[Origin, List[_Fact]] = {}
        self._subjects: Dict[Key, List[_Fact]] = {}
        self._unsorted: Set[Key] = set()
        for record in records:
            self.add(record)

    def add(self, record: Record) -> bool:
        """Take a record in; return whether the fact was new.

        Raises:
            KeyError: a field that says what the record is about is missing.
        """
        subject = subject_of(record)
        alike = self._facts.setdefault(_origin(record), [])
        # Digests cost more than all the rest: they are asked only where a name comes again.
        digest = fact_digest(record) if alike else b""
        for fact in alike:
            if fact_digest(fact.record) == digest:
                if fact.add(record):
                    self._unsorted.add(fact.subject)
                return False
        alike.append(_Fact(record, subject))
        for fact in alike if len(alike) > 1 else ():
            fact.forked = True
            self._unsorted.add(fact.subject)
        self._subjects.setdefault(subject, []).append(alike[-1])
        self._unsorted.add(subject)
        return True

    def latest(self, subject: Key) -> Optional[Record]:
        """Return the record that counts for a subject."""
        history = self.history(subject)
        return history[-1] if history else None

    def history(self, subject: Key) -> Tuple[Record, ...]:
        """Return all records of a subject, the one that counts last."""
        facts = self._subjects.get(subject, [])
        if subject in self._unsorted:
            facts.sort(key=_Fact.place)
            self._unsorted.discard(subject)
        return tuple(fact.record for fact in facts)

    def names(self, record: Record) -> FrozenSet[Origin]:
        """Return all names of a record's fact: where it was written first, and its copies'."""
        fact = self._fact(record)
        return frozenset((*fact.names, _origin(record)))

    def counted(self, record: Record) -> Record:
        """Return the copy of a record's fact that stands for all, with the time that counts."""
        return self._fact(record).record

    def place(self, record: Record) -> _Place:
        """Return where a record's fact stands among those of one subject: the last one counts."""
        return self._fact(record).place()

    def is_forked(self, record: Record) -> bool:
        """Tell whether another branch's record has this one's name."""
        return self._fact(record).forked

    def _fact(self, record: Record) -> _Fact:
        alike = self._facts[_origin(record)]
        if len(alike) == 1:
            return alike[0]
        digest = fact_digest(record)
        return next(fact for fact in alike if fact_digest(fact.record) == digest)

    def replaced(self) -> Tuple[Record, ...]:
        """Return the records that count no more."""
        return tuple(record for one in self._subjects for record in self.history(one)[:-1])

    def state(self) -> Mapping[Key, Tuple[Record, ...]]:
        """Return everything: the history of each subject."""
        return {subject: self.history(subject) for subject in self._subjects}


def _origin(record: Record) -> Origin:
    return origin_of(record) or _name_of(record)


def _name_of(record: Record) -> Origin:
    return Origin(record.device, record.seq)
