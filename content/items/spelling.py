"""When two short answers are the same words: case, spaces, and Kazakh on a Russian keyboard."""

from __future__ import annotations

import re
import unicodedata
from typing import List

MAX_ANSWER = 1000

RUSSIAN_LAYOUT = {
    "ә": "а",
    "ғ": "г",
    "қ": "к",
    "ң": "н",
    "ө": "о",
    "ұ": "у",
    "ү": "у",
    "һ": "х",
    "і": "и",
    "ё": "е",
}
"""What a child types for a letter that a Russian keyboard lacks (and е for ё, as all print it)."""

_LATIN_TWINS = dict(zip("aceopxyih", "асеорхуіһ"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SPACES = re.compile(r"\s+")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u02b9\u00b4`", "'"),
        **dict.fromkeys("\u00ab\u00bb\u201c\u201d\u201e", '"'),
    }
)
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def plain_words(said: str, *, case: bool = False, strict: bool = False) -> str:
    """The words for comparing: Unicode NFC, spaces collapsed, dashes and quotes of one sort.

    ``case`` keeps capital letters apart from small ones. ``strict`` keeps Kazakh letters apart
    from the Russian ones that stand in for them.
    """
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", said[:MAX_ANSWER]))
    plain = _SPACES.sub(" ", plain.translate(_SIGNS)).strip().rstrip(".").rstrip()
    if not case:
        plain = unicodedata.normalize("NFC", plain.casefold())
    return plain if strict else " ".join(_russian(word) for word in plain.split(" "))


def _russian(word: str) -> str:
    """A word with only the letters of a Russian keyboard."""
    # A Latin i among Cyrillic letters is the і of an English layout; in "cat" it stays Latin.
    mixed = bool(_CYRILLIC.search(word))
    return "".join(_russian_letter(letter, mixed) for letter in word)


def _russian_letter(letter: str, mixed: bool) -> str:
    small = letter.lower()
    twin = _LATIN_TWINS.get(small, small) if mixed else small
    found = RUSSIAN_LAYOUT.get(twin, twin)
    return found.upper() if letter != small else found


def matches(pattern: str, plain: str) -> bool:
    """Whether ``plain`` is ``pattern``, in which each ``*`` stands for any run of letters."""
    pieces: List[str] = pattern.split("*")
    if len(pieces) == 1:
        return pattern == plain
    first, last = pieces[0], pieces[-1]
    if not plain.startswith(first) or not plain[len(first) :].endswith(last):
        return False
    at, end = len(first), len(plain) - len(last)
    for piece in pieces[1:-1]:
        found = plain.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
