"""Canonical JSON: one way to write a value, and a guarded way to read it."""

from __future__ import annotations

import json
from typing import Any, Dict, List, NoReturn, Tuple, Type

from content.errors import ContentError, FormatError, TooLargeError

MAX_DIGITS = 20


def to_canonical(value: object) -> bytes:
    """``value`` as UTF-8 JSON: sorted keys, no spaces, no escapes that UTF-8 does not need."""
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode("utf-8")


def from_json(
    data: bytes, place: str, limit_bytes: int, error: Type[ContentError] = FormatError
) -> Any:
    """The value that ``data`` says, read within bounded memory and time.

    Raises ``error`` naming ``place`` for anything that is not strict JSON: repeated names, NaN,
    numbers of more than 20 digits, nesting too deep; TooLargeError above ``limit_bytes``.
    """
    if len(data) > limit_bytes:
        raise TooLargeError(f"{place} is larger than the {limit_bytes} bytes allowed.")
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except RecursionError:
        raise error(f"{place} is nested too deeply to be read.") from None
    except ValueError as problem:
        raise error(f"{place} cannot be read: {problem}.") from None


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _integer(digits: str) -> int:
    # Python 3.8 needs quadratic time for long integers.
    if len(digits) > MAX_DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _number(digits: str) -> float:
    if len(digits) > 2 * MAX_DIGITS:
        raise ValueError("a number has too many digits")
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
