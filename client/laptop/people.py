"""The people of one laptop."""

from __future__ import annotations

from dataclasses import dataclass

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
