"""The few words that a pack says when its author said none, in each language."""

from __future__ import annotations

import re
from typing import AbstractSet, Dict, List, Mapping, Tuple

from content.importing.languages import LANGUAGES

TASKS: Mapping[str, str] = {"kk": "Тапсырмалар", "ru": "Задания", "en": "Tasks"}
LESSON: Mapping[str, str] = {"kk": "{}-сабақ", "ru": "Урок {}", "en": "Lesson {}"}
OTHER_SUBJECT = "general"
_SUBJECTS: Tuple[Tuple[str, str], ...] = (
    ("algebra", r"алгебра|algebra"),
    ("geometry", r"геометр|geometr"),
    ("informatics", r"информат|informati|computer"),
    ("physics", r"физика(?!лық)|physic"),
    ("chemistry", r"хими|chemi"),
    ("biology", r"биолог|biolog"),
    ("geography", r"географ|geograph"),
    ("history", r"тарих|истори|history"),
    ("kazakh", r"қазақ\s*(?:тіл|әдеб)|казахск\w*\s*(?:язык|литер)|kazakh"),
    ("russian", r"орыс\s*(?:тіл|әдеб)|русск\w*\s*(?:язык|литер)|russian"),
    ("english", r"ағылшын|английск|english"),
    ("natural-science", r"жаратылыстану|естествозн|science"),
    ("literature", r"әдебиет|литератур|literature"),
    ("mathematics", r"математ|mathem|\bmaths?\b"),
)
_GRADE = re.compile(
    r"(?<!\d)(1[0-2]|[0-9])\s*[-–]?\s*(?:сынып|класс|кл\b|grade|сыныб)|"
    r"(?:сынып|класс|grade)\s*(1[0-2]|[0-9])(?!\d)",
    re.IGNORECASE,
)
_LONE_NUMBER = re.compile(r"(?<![\d.,])(1[0-1]|[1-9])(?![\d.,])")


def by_language(words: Mapping[str, str], languages: Tuple[str, ...]) -> Dict[str, str]:
    """The words in the pack's languages, as far as we speak them."""
    return {one: words[one] for one in languages if one in words} or {"kk": words["kk"]}


def subject_of(name: str) -> str:
    """The subject that a folder's name tells, else "general"."""
    return next((one for one, said in _SUBJECTS if re.search(said, name, re.I)), OTHER_SUBJECT)


def grade_of(name: str) -> int:
    """The grade that a folder's name tells, else 0."""
    found = _GRADE.search(name)
    if found:
        return int(found[1] or found[2])
    numbers = _LONE_NUMBER.findall(name)
    return int(numbers[0]) if len(numbers) == 1 else 0


def in_order(languages: AbstractSet[str]) -> Tuple[str, ...]:
    """Languages in the order in which texts fall back."""
    known: List[str] = [one for one in LANGUAGES if one in languages]
    return (*known, *sorted(languages - set(known)))
