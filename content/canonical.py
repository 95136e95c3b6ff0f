"""Canonical JSON: one way to write a value, and a guarded way to read it."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, NoReturn, Tuple, Type

from content.errors import ContentError, FormatError, TooLargeError

MAX_DIGITS = 20
MAX_DEPTH = 32
MAX_TABLES = 100_000
"""Tables and lists in one document: small ones take thirty times the bytes they are read from."""
MAX_VALUES = 1_000_000
_STRINGS = re.compile(rb'"[^"]*"')
_INNERMOST = re.compile(rb"\[\]|\{\}")
_NO_BRACKETS = bytes(one for one in range(256) if one not in b"[]{}")
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


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

    What comes out can be written by ``to_canonical`` again. Raises ``error`` naming ``place`` for
    anything that is not strict JSON: repeated names, NaN, numbers of more than 20 digits, halves
    of characters, nesting above 32; TooLargeError above ``limit_bytes`` or for too many values.
    """
    if len(data) > limit_bytes:
        raise TooLargeError(f"{place} is larger than the {limit_bytes} bytes allowed.")
    _check_shape(data, place, error)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
        if _HALF.search(data):
            to_canonical(value)
    except ValueError as problem:
        raise error(f"{place} cannot be read: {problem}.") from None
    return value


def _check_shape(data: bytes, place: str, error: Type[ContentError]) -> None:
    """Refuse what would take much memory or many calls to parse, before it is parsed."""
    bare = _STRINGS.sub(b"", data.replace(b"\\\\", b"").replace(b'\\"', b""))
    brackets = bare.translate(None, _NO_BRACKETS)
    if len(brackets) > 2 * MAX_TABLES or bare.count(b",") > MAX_VALUES:
        raise TooLargeError(f"{place} holds more values than are allowed.")
    for _ in range(MAX_DEPTH):
        if not brackets:
            return
        brackets = _INNERMOST.sub(b"", brackets)
    if brackets:
        raise error(f"{place} is nested too deeply to be read, or its brackets do not match.")


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
