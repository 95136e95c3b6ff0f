"""The keys of sealed parts that were opened on this laptop, among its settings."""

from __future__ import annotations

import base64
import binascii
import sqlite3
from typing import Dict

_PREFIX = "opened."


def keep(connection: sqlite3.Connection, name: str, key: bytes) -> None:
    """Keep the key of an opened part."""
    connection.execute(
        "INSERT OR REPLACE INTO settings VALUES (?, ?)",
        (_PREFIX + name, base64.b64encode(key).decode("ascii")),
    )


def load(connection: sqlite3.Connection) -> Dict[str, bytes]:
    """Look up all of them, by the parts' names; a damaged one is as if it were not there."""
    keys: Dict[str, bytes] = {}
    rows = connection.execute(
        "SELECT name, value FROM settings WHERE name >= ? AND name < ?", (_PREFIX, "opened/")
    )
    for name, value in rows:
        try:
            keys[name[len(_PREFIX) :]] = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError, TypeError):
            continue
    return keys
