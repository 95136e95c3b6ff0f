"""Who may read a record.

A *reader* is a text that names a group of devices: those of one person, those of a class's
teachers, all of a class, or all of a server; or the server below behind which somebody is. A record
lists its readers once, when it arrives; a device's own list follows from the people granted to it.
What both lists share travels.
"""

from __future__ import annotations

from typing import Dict, Iterable, Optional, Tuple

from sync.fleet import is_change
from sync.kinds import (
    ASSIGNMENT,
    ATTEMPT,
    CLASS_PLAN,
    CLOCK,
    DEVICE_REPORT,
    DRAFT,
    LAPTOP,
    OPENING,
    PROGRESS,
    QUESTION,
    RATING,
    ROSTER,
    SCHOOL,
    SCHOOL_RULES,
    SUBMISSION,
    TO_STUDENTS,
    VAULT,
)
from sync.people import Person
from sync.record import Record

STUDENT, TEACHER = "student", "teacher"
BETWEEN_SERVERS = (LAPTOP, SCHOOL)
"""Kinds that a server writes about what is enrolled at it."""
REPORTS = "d:"
"""No device reads this: it is how a server finds what laptops report of themselves."""
SEEN_BY_TEACHERS = (SUBMISSION, ATTEMPT, PROGRESS, QUESTION, RATING, CLOCK, *TO_STUDENTS)
"""Kinds about a pupil that the teachers of a class have, when the pupil comes to it too."""
_PRIVATE = (DRAFT, VAULT)


def person_reader(person_id: str) -> str:
    """The devices that one person uses."""
    return f"p:{person_id}"


def teachers_reader(class_name: str, school: str = "") -> str:
    """The devices that a class's teachers use."""
    return f"T:{school}:{class_name}" if school else f"t:{class_name}"


def class_reader(class_name: str, school: str = "") -> str:
    """The devices that anybody of a class uses."""
    return f"C:{school}:{class_name}" if school else f"c:{class_name}"


def relay_reader(relay: str) -> str:
    """The server below, for records about people behind it that were written elsewhere."""
    return f"r:{relay}"


def server_reader(server_id: str) -> str:
    """All devices that are enrolled at one server, whoever uses them."""
    return f"s:{server_id}"


def people_of(record: Record) -> Tuple[str, ...]:
    """Return the ids of the people behind whose relays a record should be known."""
    if record.kind in (DEVICE_REPORT, SCHOOL_RULES) or record.kind in BETWEEN_SERVERS:
        return ()
    return (record.person, *_students_of(record))


def _students_of(record: Record) -> Tuple[str, ...]:
    """Return the students whom a record is for, beside its author's class."""
    if record.kind in TO_STUDENTS:
        return (str(record.body["student"]),)
    return tuple(map(str, record.body["students"])) if record.kind == CLOCK else ()


def readers_of(record: Record, author: Optional[Person]) -> Tuple[str, ...]:
    """Return who may read a record that was accepted.

    Args:
        record: Its body has the shape that its kind asks for.
        author: Who did it, or whom a roster record is about; None where nobody is known.
    """
    if record.kind in (ROSTER, SCHOOL_RULES, DEVICE_REPORT, *BETWEEN_SERVERS):
        return _readers_of_a_machine_s_word(record, author)
    students = tuple(map(person_reader, _students_of(record)))
    if author is None:
        return students
    teachers = teachers_reader(author.class_name, author.school)
    if record.kind in TO_STUDENTS:
        return (*students, teachers)
    if record.kind in (ASSIGNMENT, CLASS_PLAN, OPENING):
        return (class_reader(author.class_name, author.school),)
    if record.kind == CLOCK:
        # Whoever may read anything at all that its author wrote.
        own_class = class_reader(author.class_name, author.school)
        all_of_it = (own_class,) if author.role == TEACHER else ()
        return (person_reader(author.id), teachers, *all_of_it, *students)
    own = (person_reader(author.id),)
    return own if author.role == TEACHER or record.kind in _PRIVATE else (*own, teachers)


def _readers_of_a_machine_s_word(record: Record, author: Optional[Person]) -> Tuple[str, ...]:
    if record.kind == DEVICE_REPORT:
        return _readers_of_a_report(record, author)
    if record.kind == ROSTER:
        return _roster_readers(record, author.school if author else "")
    # Rules are kept by a server above too, whose own laptops they do not concern.
    return (server_reader(record.device),) if record.kind == SCHOOL_RULES else ()


def _readers_of_a_report(record: Record, author: Optional[Person]) -> Tuple[str, ...]:
    """Return the server itself, and the class's teachers where something happened to a laptop."""
    if author is None or not is_change(record.body):
        return (REPORTS,)
    return REPORTS, teachers_reader(author.class_name, author.school)


def _roster_readers(record: Record, school: str) -> Tuple[str, ...]:
    class_name = record.body["class"]
    if record.body["role"] == TEACHER:
        # A pupil's laptop names the teacher who gave a mark.
        return (class_reader(class_name, school),)
    return person_reader(record.body["person"]), teachers_reader(class_name, school)


def readers_for(people: Iterable[Person]) -> Tuple[str, ...]:
    """Return the readers that a device with these people stands for."""
    readers: Dict[str, None] = {}
    for person in people:
        readers[person_reader(person.id)] = None
        readers[class_reader(person.class_name, person.school)] = None
        if person.role == TEACHER:
            readers[teachers_reader(person.class_name, person.school)] = None
    return tuple(readers)
