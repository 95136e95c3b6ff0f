"""Strict reading of decoded JSON that a stranger wrote.

Every reader takes the value and its name, and returns it with the type that was asked for, or
raises ``MessageError("message-malformed")`` naming it. Bounds are part of the question: nothing is
unbounded.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, Dict, List, Mapping, NoReturn

from sync.errors import MessageError

MAX_LIST = 100_000


def malformed(name: str, want: str) -> NoReturn:
    """Refuse the value called ``name``."""
    raise MessageError("message-malformed", f"{name} is not {want}")


def parse_json_object(data: bytes, name: str) -> Dict[str, Any]:
    """Decode UTF-8 JSON whose outermost value is an object; duplicate keys and NaN are refused."""
    try:
        value = json.loads(
            data.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_unique_keys
        )
    except (ValueError, RecursionError) as error:
        raise MessageError("message-malformed", f"{name} is not JSON") from error
    return mapping(value, name)


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def _unique_keys(pairs: List[Any]) -> Dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def mapping(value: Any, name: str) -> Dict[str, Any]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        malformed(name, "an object")
    return value


def listing(value: Any, name: str, limit: int = MAX_LIST) -> List[Any]:
    """Return a JSON array of at most ``limit`` items."""
    if not isinstance(value, list) or len(value) > limit:
        malformed(name, f"a list of at most {limit} items")
    return value


def integer(value: Any, name: str, low: int = 0, high: int = (1 << 53) - 1) -> int:
    """Return an integer within the bounds, both included."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        malformed(name, f"a whole number from {low} to {high}")
    return value


def number(value: Any, name: str) -> float:
    """Return an integer or a fraction as it is."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        malformed(name, "a number")
    return value


def text(value: Any, name: str, limit: int = 200, *, empty: bool = False) -> str:
    """Return a text of 1 (0 where ``empty``) to ``limit`` characters."""
    if not isinstance(value, str) or len(value) > limit or not (value or empty):
        malformed(name, f"a text of at most {limit} characters")
    return value


def boolean(value: Any, name: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        malformed(name, "true or false")
    return value


def binary(value: Any, name: str, size_bytes: int) -> bytes:
    """Return exactly ``size_bytes`` bytes from unpadded base64url."""
    encoded = text(value, name, limit=(size_bytes * 4 + 2) // 3)
    try:
        raw = base64.urlsafe_b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4))
    except (ValueError, binascii.Error):
        malformed(name, f"{size_bytes} bytes of base64url")
    if len(raw) != size_bytes:
        malformed(name, f"{size_bytes} bytes of base64url")
    return raw


def to_text(data: bytes) -> str:
    """Return the unpadded base64url that ``binary`` reads."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def numbers_by_text(value: Any, name: str, limit: int = 1000) -> Dict[str, int]:
    """Return an object whose values are non-negative integers."""
    entries = mapping(value, name)
    if len(entries) > limit:
        malformed(name, f"an object of at most {limit} entries")
    return {text(key, name, 64): integer(item, f"{name}.{key}") for key, item in entries.items()}


def known(value: Mapping[str, Any], key: str, default: Any) -> Any:
    """Return a field that may be absent because its usual value is not sent."""
    return value.get(key, default)
