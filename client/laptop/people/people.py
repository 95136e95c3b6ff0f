"""The people of one laptop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACES = {letter: place for place, letter in enumerate(_ALPHABET)}

STUDENT = "student"
TEACHER = "teacher"


@dataclass(frozen=True)
class Person:
    """Somebody this laptop works for, or (for a teacher) a student of the class.

    ``role`` is ``STUDENT`` or ``TEACHER``, ``class_name`` as the school writes it (7 «А»),
    ``picture`` the name of an avatar, possibly empty.
    """

    id: str
    name: str
    role: str
    class_name: str
    picture: str = ""

    @property
    def is_teacher(self) -> bool:
        """Whether this person marks work instead of handing it in."""
        return self.role == TEACHER


def by_alphabet(person: Person) -> Tuple[Tuple[int, ...], str]:
    """Sort key: names in the order of the Kazakh alphabet, which Unicode's order is not."""
    letters = person.name.casefold()
    return tuple(_PLACES.get(letter, ord(letter) - 0x10000) for letter in letters), person.id
