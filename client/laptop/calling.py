"""How people are called on the screen."""

from __future__ import annotations

from typing import Sequence, Tuple

from client.laptop.people import Person

PATRONYMIC_ENDINGS = ("қызы", "ұлы", "кызы", "улы", "вна", "вич", "ична")


def first_name(name: str) -> str:
    """Return the first word of a name: what children call each other."""
    return name.split(maxsplit=1)[0] if name.split() else name


def polite_name(name: str) -> str:
    """Return the first name with the patronymic, if there is one: what teachers are called."""
    words = name.split()
    if len(words) > 1 and words[1].lower().endswith(PATRONYMIC_ENDINGS):
        return " ".join(words[:2])
    return first_name(name)


def short_names(people: Sequence[Person]) -> Tuple[str, ...]:
    """Return a name for each: the first name, with an initial where two would be the same."""
    called = [polite_name(one.name) if one.is_teacher else first_name(one.name) for one in people]
    return tuple(
        _with_initial(person.name, short) if called.count(short) > 1 else short
        for person, short in zip(people, called)
    )


def _with_initial(name: str, short: str) -> str:
    rest = name[len(short) :].split()
    return f"{short} {rest[0][0]}." if rest else short
