"""Which records a device may write."""

from __future__ import annotations

from typing import Iterable, Mapping, Optional, Protocol, Tuple

from sync.errors import RecordError
from sync.kinds import (
    ANSWER,
    ASSIGNMENT,
    CLASS_PLAN,
    FEEDBACK,
    MARK,
    OPENING,
    ROSTER,
    SCHOOL_RULES,
    TO_STUDENTS,
    VAULT,
    validate,
)
from sync.people import Person
from sync.record import Record
from sync_server.records.routing import BETWEEN_SERVERS, STUDENT, TEACHER

BY_TEACHERS = (MARK, FEEDBACK, ASSIGNMENT, CLASS_PLAN, ANSWER)
BY_SERVERS = (ROSTER, OPENING, SCHOOL_RULES, *BETWEEN_SERVERS)
NOT_PERMITTED = "record-not-permitted"


class Facts(Protocol):
    """What the rules ask of the store."""

    def person(self, person_id: str) -> Optional[Person]:
        """Return one person."""

    def relays_of(self, person_ids: Iterable[str]) -> Tuple[str, ...]:
        """Return the relays behind which any of these people are."""


def refusal(record: Record, granted: Mapping[str, Person], facts: Facts) -> Optional[str]:
    """Return the code with which a record is refused, or None when it may be kept.

    Args:
        record: A record of a device that signed it.
        granted: The people whom that device may write for, by id.
        facts: What else is known.

    A mark may name any number of any journal: the work may still be on its way, and after a fork or
    a restore another branch's record may stand where the teacher saw it.
    """
    try:
        validate(record)
    except RecordError as error:
        return error.code
    author = granted.get(record.person)
    if author is None or record.kind in BY_SERVERS:
        return NOT_PERMITTED
    if record.kind == VAULT and record.body["person"] != record.person:
        return NOT_PERMITTED
    if record.kind in BY_TEACHERS and author.role != TEACHER:
        return NOT_PERMITTED
    if record.kind in TO_STUDENTS and not _of_own_class(record, author, facts):
        return NOT_PERMITTED
    return None


def _of_own_class(record: Record, teacher: Person, facts: Facts) -> bool:
    student = facts.person(record.body["student"])
    if student is None or student.role != STUDENT:
        return False
    return (student.school, student.class_name) == (teacher.school, teacher.class_name)
