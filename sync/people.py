"""People as a laptop knows them after enrolment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List

from sync import fields
from sync.kinds import ROLES


@dataclass(frozen=True)
class Person:
    """Somebody who may use a laptop; ``role`` is one of ``ROLES``, ``picture`` names an avatar.

    ``school`` is known to servers alone: the id of the server whose person this is, where that is
    another one than the server that keeps this. A class's name means something in its school only.
    """

    id: str
    name: str
    role: str
    class_name: str
    picture: str
    school: str = ""


def person_to_json(person: Person) -> List[str]:
    """Return the five fields in their order."""
    return [person.id, person.name, person.role, person.class_name, person.picture]


def person_from_json(value: Any) -> Person:
    """Read the five fields in their order; further ones, of newer versions, are ignored.

    Raises:
        MessageError: ``message-malformed``.
    """
    items = fields.listing(value, "person", limit=20)
    if len(items) < 5:
        fields.malformed("person", "a list of five texts")
    role = fields.text(items[2], "person.role", 20)
    if role not in ROLES:
        fields.malformed("person.role", "student or teacher")
    return Person(
        id=fields.text(items[0], "person.id", 64),
        name=fields.text(items[1], "person.name", 200),
        role=role,
        class_name=fields.text(items[3], "person.class", 200, empty=True),
        picture=fields.text(items[4], "person.picture", 200, empty=True),
    )
