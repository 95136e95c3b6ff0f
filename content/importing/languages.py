"""Which of a pack's languages a text or a file's name is in."""

from __future__ import annotations

import re
from typing import Mapping, Optional, Tuple

LANGUAGES = ("kk", "ru", "en")
"""The languages that are told apart, in the order in which texts fall back."""
_NAMES: Mapping[str, str] = {
    "kk": "kk", "kz": "kk", "kaz": "kk", "qaz": "kk", "қаз": "kk", "каз": "kk", "қазақша": "kk",
    "ru": "ru", "rus": "ru", "рус": "ru", "орыс": "ru", "русский": "ru", "орысша": "ru",
    "en": "en", "eng": "en", "англ": "en", "ағыл": "en", "english": "en",
    "kazakh": "kk", "russian": "ru", "казахский": "kk", "қазақ": "kk", "английский": "en",
}  # fmt: skip
"""What people call the languages in names of files and folders."""
_MARKED = re.compile(
    r"(?:[\s._\-–(\[]+)(" + "|".join(sorted(_NAMES, key=len, reverse=True)) + r")[)\]]?\Z",
    re.IGNORECASE,
)
_KAZAKH = frozenset("әғқңөұүһі")
_MAX_READ = 20_000
_KAZAKH_SHARE = 0.02
"""A Kazakh text has a fifth of such letters; a Russian one has a name or a word of them."""


def language_of_name(stem: str) -> Tuple[str, Optional[str]]:
    """A name without its ending: what is left without the language, and the language it says."""
    found = _MARKED.search(stem)
    if found and stem[: found.start()].strip():
        return stem[: found.start()].rstrip(" ._-–(["), _NAMES[found[1].lower()]
    return stem, None


def language_of_folder(name: str) -> Optional[str]:
    """The language that a folder stands for, if its name is that of one."""
    return _NAMES.get(name.strip().lower())


def language_of_text(text: str) -> Optional[str]:
    """The language of some words; None where there are too few to tell."""
    letters = [letter for letter in text[:_MAX_READ].lower() if letter.isalpha()]
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    latin = sum("a" <= letter <= "z" for letter in letters)
    if cyrillic + latin < 3:
        return None
    if cyrillic * 2 < latin:
        return "en"
    kazakh = sum(letter in _KAZAKH for letter in letters)
    return "kk" if kazakh > _KAZAKH_SHARE * cyrillic else "ru"


def stated_language(tag: str) -> Optional[str]:
    """One of the languages for a tag such as ``kk-KZ`` (BCP 47), or None."""
    return _NAMES.get(re.split(r"[-_]", tag.strip().lower())[0])
