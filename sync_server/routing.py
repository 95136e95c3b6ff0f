"""Who may read a record.

A *reader* is a text that names a group of devices: those of one person, those of a class's
teachers, or all of a class. A record lists its readers once, when it arrives; a device's own list
follows from the people granted to it. What both lists share travels.
"""

from __future__ import annotations

from typing import Dict, Iterable, Optional, Tuple

from sync.kinds import (
    ANSWER,
    ASSIGNMENT,
    CLASS_PLAN,
    DEVICE_REPORT,
    DRAFT,
    FEEDBACK,
    MARK,
    ROSTER,
)
from sync.people import Person
from sync.record import Record

STUDENT, TEACHER = "student", "teacher"
_PRIVATE = (DRAFT, DEVICE_REPORT)


def person_reader(person_id: str) -> str:
    """The devices that one person uses."""
    return f"p:{person_id}"


def teachers_reader(class_name: str) -> str:
    """The devices that a class's teachers use."""
    return f"t:{class_name}"


def class_reader(class_name: str) -> str:
    """The devices that anybody of a class uses."""
    return f"c:{class_name}"


def readers_of(record: Record, author: Optional[Person]) -> Tuple[str, ...]:
    """Return who may read a record that was accepted.

    Args:
        record: Its body has the shape that its kind asks for.
        author: Who did it; None for a record of the server itself.
    """
    if record.kind == ROSTER:
        return _roster_readers(record)
    if author is None:
        return ()
    teachers = teachers_reader(author.class_name)
    if record.kind in (MARK, FEEDBACK, ANSWER):
        return person_reader(record.body["student"]), teachers
    if record.kind in (ASSIGNMENT, CLASS_PLAN):
        return (class_reader(author.class_name),)
    own = (person_reader(author.id),) if record.kind != DEVICE_REPORT else ()
    return own if author.role == TEACHER or record.kind in _PRIVATE else (*own, teachers)


def _roster_readers(record: Record) -> Tuple[str, ...]:
    class_name = record.body["class"]
    if record.body["role"] == TEACHER:
        # A pupil's laptop names the teacher who gave a mark.
        return (class_reader(class_name),)
    return person_reader(record.body["person"]), teachers_reader(class_name)


def readers_for(people: Iterable[Person]) -> Tuple[str, ...]:
    """Return the readers that a device with these people stands for."""
    readers: Dict[str, None] = {}
    for person in people:
        readers[person_reader(person.id)] = None
        readers[class_reader(person.class_name)] = None
        if person.role == TEACHER:
            readers[teachers_reader(person.class_name)] = None
    return tuple(readers)
