"""Reading what several kinds of questions have in common."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Optional, Sequence, Tuple

from content.fields import LANGUAGE, Fields
from content.number import parse_number

MAX_SPELLINGS = 50
MAX_SPELLING = 200
_DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,9})?\Z|-?[0-9]{1,3}/[0-9]{1,3}\Z")
_LARGEST_PARTS = 20
_NEAR = Fraction(1, 2000)


def refuse_twins(fields: Fields, name: str, ids: Sequence[str]) -> None:
    """Raise when two of ``ids`` are the same."""
    seen = set()
    for one in ids:
        if one in seen:
            raise fields.fail(name, f"uses the id {one!r} twice; give each its own")
        seen.add(one)


def one_of(fields: Fields, name: str, allowed: Sequence[str], default: Optional[str]) -> str:
    """A word of ``allowed``."""
    value = fields.string(name, default)
    if value not in allowed:
        raise fields.fail(name, f"must be one of {', '.join(allowed)}, not {value[:40]!r}")
    return value


def counted(
    fields: Fields, name: str, low: int, high: int, required: bool = True
) -> Tuple[Fields, ...]:
    """The tables of that name, ``low`` to ``high`` of them."""
    found = fields.children(name, required, limit=10_000)
    if not low <= len(found) <= high and (found or required):
        raise fields.fail(name, f"must be given {low} to {high} times")
    return found


def exact(fields: Fields, name: str) -> str:
    """A number as exact text."""
    value = fields.values.get(name)
    # Authors write answer = 5 as often as answer = "5"; the shortest text of either is exact.
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        raise fields.fail(name, "is missing; give the right number")
    if not isinstance(value, str) or parse_number(value) is None:
        raise fields.fail(name, f'must be a number such as "2.5" or "5/2", not {str(value)[:40]!r}')
    return value


def tolerance(fields: Fields) -> str:
    """How far from the key a number may be; exactly "0" when not given."""
    if not fields.has("tolerance"):
        return "0"
    given = exact(fields, "tolerance")
    number = parse_number(given)
    if number is None or number < 0:
        raise fields.fail("tolerance", "must not be negative")
    return given


def share(fields: Fields, low: int, default: Fraction) -> Fraction:
    """What part of the points something is worth, from ``low`` to 1.

    Other systems write a third as 0.33333: what is that near to a fraction of few parts is it.
    """
    value = fields.values.get("share", default)
    if isinstance(value, float) and abs(value) <= 1:
        value = f"{value:.9f}"
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:4]
    found = value if isinstance(value, Fraction) else None
    if isinstance(value, str) and _DECIMAL.match(value) and not value.endswith("/0"):
        found = _few_parts(Fraction(value)) if "/00" not in value else None
    if found is None or not low <= found <= 1:
        raise fields.fail("share", f"must be a number from {low} to 1")
    return found


def _few_parts(value: Fraction) -> Fraction:
    near = value.limit_denominator(_LARGEST_PARTS)
    return near if abs(near - value) < _NEAR else value


def spellings(fields: Fields, name: str) -> Tuple[str, ...]:
    """One text for all languages, or a text for each: all of them, without repetitions."""
    value = fields.values.get(name)
    found: Tuple[str, ...]
    if isinstance(value, dict):
        found = tuple(dict.fromkeys(fields.text(name).values()))
    else:
        found = (fields.string(name),)
    if any(len(one) > MAX_SPELLING for one in found):
        raise fields.fail(name, f"is longer than {MAX_SPELLING} characters")
    return found


def strings(fields: Fields, name: str) -> Tuple[str, ...]:
    """A list of texts that are not empty; none when it is absent."""
    found = fields.sequence(name, required=False, limit=MAX_SPELLINGS)
    for one in found:
        if not isinstance(one, str) or not one.strip() or len(one) > MAX_SPELLING:
            raise fields.fail(name, f"must list texts of 1 to {MAX_SPELLING} characters")
    return found


def languages_of(value: object) -> bool:
    """Whether a value is a text by language rather than a table of named values."""
    return isinstance(value, dict) and bool(value) and all(LANGUAGE.match(key) for key in value)
