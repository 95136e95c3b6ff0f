"""The screens there are, and the places of the rail.

A screen ``name`` lives in ``client/screens/<name>/``; nothing of it is imported before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple


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

PLACE_ICONS: Mapping[str, str] = {
    "today": "today",
    "lessons": "lessons",
    "practice": "practice",
    "results": "results",
    "send": "send",
    "class_work": "class",
    "review": "review",
}


def places(is_teacher: bool) -> Tuple[str, ...]:
    """Return the places of a person, the first being where they arrive."""
    return TEACHER_PLACES if is_teacher else STUDENT_PLACES
