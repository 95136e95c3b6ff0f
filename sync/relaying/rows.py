"""Reading the rows of which messages between servers are made; a stranger wrote them."""

from __future__ import annotations

from typing import Any, List, Tuple

from sync import fields
from sync.exchanges.exchange import MAX_CURSOR_CHARACTERS, MAX_REFUSED, MAX_TIME_MS
from sync.identity import device_id_bytes

RunCode = Tuple[int, str]
RunSeq = Tuple[int, int]
RunSeqCode = Tuple[int, int, str]


def mark(value: Any, name: str) -> str:
    """Return a server's mark; raises MessageError."""
    return fields.text(value, name, MAX_CURSOR_CHARACTERS, empty=True)


def row(value: Any, name: str, count: int) -> List[Any]:
    """Return the first ``count`` items of a row; raises MessageError."""
    items = fields.listing(value, name, 20)
    if len(items) < count:
        fields.malformed(name, f"rows of {count}")
    return items[:count]


def pairs(value: Any, name: str) -> Tuple[RunSeq, ...]:
    """Return rows of a place and a number; raises MessageError."""
    rows = [row(item, name, 2) for item in fields.listing(value, name, MAX_REFUSED)]
    return tuple((fields.integer(at, name), fields.integer(seq, name)) for at, seq in rows)


def coded(value: Any, name: str) -> Tuple[RunCode, ...]:
    """Return rows of a place and a code; raises MessageError."""
    rows = [row(item, name, 2) for item in fields.listing(value, name, MAX_REFUSED)]
    return tuple((fields.integer(at, name), fields.text(code, name, 64)) for at, code in rows)


def triples(value: Any, name: str) -> Tuple[RunSeqCode, ...]:
    """Return rows of a place, a number and a code; raises MessageError."""
    rows = [row(item, name, 3) for item in fields.listing(value, name, MAX_REFUSED)]
    return tuple(
        (fields.integer(at, name), fields.integer(seq, name, 1), fields.text(code, name, 64))
        for at, seq, code in rows
    )


def device(value: Any, name: str) -> str:
    """Return the id of a device; raises MessageError."""
    device = fields.text(value, name, 22)
    device_id_bytes(device)
    return device


def time_ms(value: Any, name: str) -> int:
    """Return a time in milliseconds since 1970; raises MessageError."""
    return fields.integer(value, name, high=MAX_TIME_MS)
