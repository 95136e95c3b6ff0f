"""The one byte form of a JSON value, so that equal values have equal hashes.

A subset of RFC 8785 (JSON Canonicalization Scheme): no spaces, object keys sorted by code point,
UTF-8 without escapes that JSON does not demand. Integers lie within 2**53, and a fraction is
written without an exponent, where Python's and ECMAScript's shortest forms agree. An integral
fraction is written as an integer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from sync.errors import RecordError

MAX_INTEGER = (1 << 53) - 1
MAX_DEPTH = 12
_MIN_FRACTION, _MAX_FRACTION = 1e-4, 1e15
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_json(value: Any) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises:
        RecordError: ``value-not-canonical`` for NaN, infinities, numbers out of bounds, lone
            surrogates, keys that are not text, nesting deeper than ``MAX_DEPTH``, and types that
            JSON does not have.
    """
    try:
        return _ENCODER.encode(_normal(value, 0)).encode("utf-8")
    except UnicodeEncodeError as error:
        raise RecordError("value-not-canonical", "a text holds half a character") from error


def _normal(value: Any, depth: int) -> Any:
    # A server does this for every value of every record: what is most frequent comes first.
    if depth > MAX_DEPTH:
        raise RecordError("value-not-canonical", f"nested deeper than {MAX_DEPTH}")
    if type(value) is str or value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return _bounded(value)
    if isinstance(value, float):
        return _fraction(value)
    depth += 1
    if isinstance(value, (dict, Mapping)):
        return {
            key if type(key) is str else _key(key): _normal(item, depth)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_normal(item, depth) for item in value]
    raise RecordError("value-not-canonical", type(value).__name__)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise RecordError("value-not-canonical", f"the key {key!r} is not text")
    return key


def _bounded(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise RecordError("value-not-canonical", "a number beyond 2**53")
    return value


def _fraction(value: float) -> Any:
    if not math.isfinite(value):
        raise RecordError("value-not-canonical", str(value))
    if value.is_integer():
        return _bounded(int(value))
    if not _MIN_FRACTION <= abs(value) < _MAX_FRACTION:
        raise RecordError("value-not-canonical", f"{value!r} needs an exponent")
    return value
