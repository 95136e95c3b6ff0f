"""A device's place in the order of arrival, as a mark that only this server reads.

The mark names the device's epoch, a serial and the beginning of a hash over all that arrived up to
there. When any of them is not so any more (people were granted to the device, or the server went
back to a backup and other records came in other places), the device is told everything from the
beginning: it knows what it has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional, Tuple

from sync import fields
from sync_server.store.protocol import Transaction

_MARK = re.compile(r"([0-9]{1,9})\.([0-9]{1,15})\.([A-Za-z0-9_-]{4})\Z")
_FINGERPRINT_BYTES = 3


@dataclass(frozen=True)
class Cursor:
    """Everything up to ``serial`` was sent."""

    serial: int


def read_cursor(text: str, epoch: int, transaction: Transaction) -> Cursor:
    """Return what a mark means today; the beginning for one that means nothing."""
    found = _MARK.match(text)
    if found is None or int(found.group(1)) != epoch:
        return Cursor(0)
    serial = int(found.group(2))
    if _fingerprint(transaction.arrivals_hash(serial)) != found.group(3):
        return Cursor(0)
    return Cursor(serial)


def mark_order(text: str) -> Tuple[int, int]:
    """Return a mark's epoch and serial, by which an older mark of a device comes before a newer."""
    found = _MARK.match(text)
    return (int(found.group(1)), int(found.group(2))) if found else (0, 0)


def write_cursor(cursor: Cursor, epoch: int, transaction: Transaction) -> str:
    """Return the mark for a place at an existing record, or the empty one for the beginning."""
    if cursor.serial == 0:
        return ""
    fingerprint = _fingerprint(transaction.arrivals_hash(cursor.serial))
    return f"{epoch}.{cursor.serial}.{fingerprint}"


def _fingerprint(digest: Optional[bytes]) -> str:
    return fields.to_text(digest[:_FINGERPRINT_BYTES]) if digest else ""
