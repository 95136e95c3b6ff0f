"""Whom of a laptop's people a record concerns: only they may read it there."""

from __future__ import annotations

from typing import FrozenSet, Iterable, NamedTuple, Sequence

from client.laptop.people.people import Person
from sync import kinds
from sync.record import Record

IN_CLEAR = frozenset(
    (
        kinds.ASSIGNMENT,
        kinds.CLASS_PLAN,
        kinds.OPENING,
        kinds.SCHOOL,
        kinds.SCHOOL_RULES,
        kinds.LAPTOP,
        kinds.DEVICE_REPORT,
        kinds.CLOCK,
        kinds.VAULT,
    )
)
"""What a class, a school or a laptop is told, and vaults, which protect themselves."""
_ALONE = frozenset((kinds.DRAFT,))


class Readers(NamedTuple):
    """Ids of people of this laptop.

    Where one of ``owners`` has nothing to lock with, a record stays in clear for them; others who
    have nothing to lock with are left out.
    """

    owners: FrozenSet[str]
    others: FrozenSet[str]


NOBODY = Readers(frozenset(), frozenset())


def readers_of(record: Record, people: Sequence[Person]) -> Readers:
    """Return whom a record concerns among the people of a laptop."""
    if record.kind in IN_CLEAR:
        return NOBODY
    here = {one.id: one for one in people}
    if record.kind == kinds.ROSTER:
        teachers = (one.id for one in people if one.is_teacher)
        return Readers(frozenset(), frozenset((*teachers, *_known(here, _text(record, "person")))))
    student = _text(record, "student") or record.person
    owners = frozenset(_known(here, student) or _known(here, record.person))
    if record.kind in _ALONE:
        return Readers(owners, frozenset())
    class_name = here[student].class_name if student in here else None
    others = {one.id for one in people if one.is_teacher and class_name in (None, one.class_name)}
    others.update(_known(here, record.person))
    return Readers(owners, frozenset(others) - owners)


def _known(here: Iterable[str], person: str) -> FrozenSet[str]:
    return frozenset((person,)) if person in here else frozenset()


def _text(record: Record, name: str) -> str:
    value = record.body.get(name)
    return value if isinstance(value, str) else ""
