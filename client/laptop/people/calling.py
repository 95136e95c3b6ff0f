"""How people are called on the screen."""

from __future__ import annotations

from typing import Dict, List, Sequence, Tuple

from client.laptop.people.people import Person

PATRONYMIC_ENDINGS = ("қызы", "ұлы", "кызы", "улы", "вна", "вич", "ична")
FAMILY_ENDINGS = ("ов", "ова", "ев", "ева", "ский", "ская", "цкий", "цкая", "енко")
SHORTEST_FAMILY = 5
"""Лев and Ева end so too, and are first names."""


def first_name(name: str) -> str:
    """Return what children call each other, whichever way round a list has the names.

    Lists of schools have the family's name first, people themselves theirs; the patronymic, which
    follows the first name, or the family's ending says which it is.
    """
    words = name.split()
    return words[_place_of_first(words)] if words else name


def polite_name(name: str) -> str:
    """Return the first name with the patronymic, if there is one: what teachers are called."""
    words = name.split()
    at = _place_of_first(words)
    if len(words) > at + 1 and _is_patronymic(words[at + 1]):
        return " ".join(words[at : at + 2])
    return first_name(name)


def _place_of_first(words: Sequence[str]) -> int:
    if len(words) < 2 or _is_patronymic(words[1]):
        return 0
    if len(words) > 2 and _is_patronymic(words[2]):
        return 1
    return int(_is_family(words[0]) and not _is_family(words[1]))


def _is_patronymic(word: str) -> bool:
    return word.lower().endswith(PATRONYMIC_ENDINGS)


def _is_family(word: str) -> bool:
    return len(word) >= SHORTEST_FAMILY and word.lower().endswith(FAMILY_ENDINGS)


def short_names(people: Sequence[Person]) -> Tuple[str, ...]:
    """Return a name for each: the first name, with as many letters more as tell two apart."""
    called = [polite_name(one.name) if one.is_teacher else first_name(one.name) for one in people]
    after = [_after(person.name, short) for person, short in zip(people, called)]
    alike: Dict[str, List[int]] = {}
    for at, short in enumerate(called):
        alike.setdefault(short, []).append(at)
    return tuple(
        _with_letters(short, after[at], [after[other] for other in alike[short] if other != at])
        for at, short in enumerate(called)
    )


def _after(name: str, short: str) -> str:
    """Return what tells somebody apart from others who are called the same."""
    called = short.split()
    rest = [word for word in name.split() if word not in called]
    return rest[0].rstrip(".") if rest else ""


def _with_letters(short: str, after: str, others: Sequence[str]) -> str:
    if not others or not after:
        return short
    fits = (
        count
        for count in range(1, len(after) + 1)
        if not any(other.startswith(after[:count]) for other in others)
    )
    return f"{short} {after[: next(fits, 1)]}."
