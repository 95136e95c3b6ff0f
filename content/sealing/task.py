"""A sealed task: what is built, what may be seen of it, and opening its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from content.fields import Fields
from content.items.reading import one_of
from content.sealing.asking import asking
from content.sealing.errors import SealedError, WrongCodeError
from content.sealing.part import SealedPart, code_for, key_of, opened, read_part, seal
from content.variants.template import has_numbers

KEY, ALL = "key", "all"
LEVELS = (KEY, ALL)
QUESTIONS_PART, KEY_PART = "questions", "key"
_OPEN = ("assessment", "attempts", "criterion", "format", "minutes", "title")
"""What a list of tasks shows of one whose questions are sealed."""
FORMAT = 1


@dataclass(frozen=True)
class Code:
    """A line of the author's card: what a code opens. ``part`` is "questions" or "key"."""

    task: str
    part: str
    code: str


def level(fields: Fields) -> str:
    """How much of a task is sealed: "", "key" (what is right) or "all" (the questions too)."""
    sealed = fields.values.get("sealed")
    if sealed is None or isinstance(sealed, dict):
        return ""
    how = one_of(fields, "sealed", LEVELS, None)
    if how == KEY and has_numbers(fields.values):
        raise fields.fail(
            "sealed", 'must be "all": the numbers of a task with variants lead to its key'
        )
    return how


def sealed_values(fields: Fields, task_key: str, secret: bytes) -> Dict[str, Any]:
    """The values that a built pack holds of a sealed task."""
    public, built = asking(fields.values), {}  # type: Dict[str, Any], Dict[str, Any]
    parts: Dict[str, Any] = {"format": FORMAT}
    parts[KEY_PART] = seal(_whole(fields), secret, _place(task_key, KEY_PART)).as_values()
    if level(fields) == KEY:
        built = public
    else:
        place = _place(task_key, QUESTIONS_PART)
        parts[QUESTIONS_PART] = seal(public, secret, place).as_values()
        built = {name: public[name] for name in _OPEN if name in public}
    return {**built, "sealed": parts}


def codes(fields: Fields, task_key: str, secret: bytes) -> Tuple[Code, ...]:
    """The author's card for one task."""
    found: List[Code] = []
    if level(fields) == ALL:
        place = _place(task_key, QUESTIONS_PART)
        code = code_for(asking(fields.values), secret, place)
        found.append(Code(task_key, QUESTIONS_PART, code))
    place = _place(task_key, KEY_PART)
    found.append(Code(task_key, KEY_PART, code_for(_whole(fields), secret, place)))
    return tuple(found)


def _whole(fields: Fields) -> Dict[str, Any]:
    return {name: value for name, value in fields.values.items() if name != "sealed"}


def _place(task_key: str, part: str) -> str:
    return f"{task_key}/{part}"


@dataclass(frozen=True)
class Opening:
    """A built task as far as the known keys open it.

    ``fields`` can be read as a task unless ``questions_sealed``. ``key_sealed`` says that the keys
    in it are none, so that nothing can be scored.
    """

    fields: Fields
    key_sealed: bool = False
    questions_sealed: bool = False


def open_task(fields: Fields, task_key: str, keys: Mapping[str, bytes]) -> Opening:
    """Open what ``keys`` (by the parts' names) open of a built task."""
    parts = _parts(fields, task_key)
    if not parts:
        return Opening(fields)
    inside = _inside(parts[KEY_PART], keys)
    if inside is not None:
        return Opening(_as_fields(fields, inside))
    if QUESTIONS_PART not in parts:
        return Opening(_as_fields(fields, fields.values), key_sealed=True)
    inside = _inside(parts[QUESTIONS_PART], keys)
    if inside is None:
        return Opening(fields, key_sealed=True, questions_sealed=True)
    return Opening(_as_fields(fields, inside), key_sealed=True)


def unlock(fields: Fields, task_key: str, typed: str) -> Tuple[str, bytes]:
    """The name and the key of the part that a code opens; raises WrongCodeError for no part."""
    for part in _parts(fields, task_key).values():
        try:
            key = key_of(part, typed)
        except WrongCodeError:
            continue
        opened(part, key)
        return part.name, key
    raise WrongCodeError("This code does not open it; look at the card again.")


def refuse_sealed(opening: Opening) -> Fields:
    """The fields; raises SealedError while the questions are sealed."""
    if opening.questions_sealed:
        raise SealedError(f"{opening.fields.place} is sealed: a teacher has the code.")
    return opening.fields


def _parts(fields: Fields, task_key: str) -> Dict[str, SealedPart]:
    if not isinstance(fields.values.get("sealed"), dict):
        return {}
    table = fields.child("sealed")
    table.integer("format", FORMAT, FORMAT)
    names = (QUESTIONS_PART, KEY_PART) if table.has(QUESTIONS_PART) else (KEY_PART,)
    return {name: read_part(table.child(name), _place(task_key, name)) for name in names}


def _inside(part: SealedPart, keys: Mapping[str, bytes]) -> Optional[Dict[str, Any]]:
    key = keys.get(part.name)
    return None if key is None else opened(part, key)


def _as_fields(fields: Fields, values: Mapping[str, Any]) -> Fields:
    plain = {name: value for name, value in values.items() if name != "sealed"}
    return Fields(plain, fields.place, fields.error)
