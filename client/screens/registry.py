"""The screens there are, and the places of the rail.

A screen ``name`` lives in ``client/screens/<name>/``; nothing of it is imported before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Mapping, Optional, Tuple

if TYPE_CHECKING:
    from client.laptop.people.people import Person


@dataclass(frozen=True)
class Screen:
    """How a screen is shown: ``frame`` puts the rail beside it, ``place`` is lit there.

    ``notices`` lets it be told over the screen that a stick came.
    """

    frame: bool = True
    place: str = ""
    notices: bool = True


SCREENS: Mapping[str, Screen] = {
    "who": Screen(frame=False),
    "unlock": Screen(frame=False, notices=False),
    "secret": Screen(frame=False, notices=False),
    "enrol": Screen(frame=False, notices=False),
    "today": Screen(place="today"),
    "lessons": Screen(place="lessons"),
    "lesson": Screen(frame=False, notices=False),
    "task": Screen(frame=False, notices=False),
    "practice": Screen(place="practice"),
    "results": Screen(place="results"),
    "send": Screen(place="send"),
    "videos": Screen(place="send"),
    "sticks": Screen(place="send", notices=False),
    "packing": Screen(place="send", notices=False),
    "class_work": Screen(place="class_work"),
    "review": Screen(place="review"),
}

STUDENT_PLACES: Tuple[str, ...] = ("today", "lessons", "practice", "results", "send")
TEACHER_PLACES: Tuple[str, ...] = ("class_work", "review", "lessons", "send")
GUEST_PLACES: Tuple[str, ...] = ("lessons", "practice")

PLACE_ICONS: Mapping[str, str] = {
    "today": "today",
    "lessons": "lessons",
    "practice": "practice",
    "results": "results",
    "send": "send",
    "class_work": "class",
    "review": "review",
}


def places(person: Optional[Person]) -> Tuple[str, ...]:
    """Return the places of a person, or of a guest; the first is where they arrive."""
    if person is None:
        return GUEST_PLACES
    return TEACHER_PLACES if person.is_teacher else STUDENT_PLACES
