"""What the square on an enrolment card says: its code, and where the server is.

``keruen:`` and the sixteen digits; then, after ``@``, the server's address, without ``http://``
where that is how it begins.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

from sync.enrolment import EnrolmentCode
from sync.errors import SyncError

_SCHEME = "keruen:"
_PLAIN = "http://"
_CARD = re.compile(r"keruen:([0-9]{16})(?:@([\x21-\x7e]{1,200}))?", re.IGNORECASE)


class Card(NamedTuple):
    """A code of sixteen digits; the address is empty where the card has none."""

    digits: str
    address: str


def card_text(card: Card) -> str:
    """Return what to draw as a QR code."""
    address = card.address
    address = address[len(_PLAIN) :] if address.startswith(_PLAIN) else address
    return _SCHEME + card.digits + (f"@{address}" if address else "")


def read_card(text: str) -> Optional[Card]:
    """Read the square of a card; None for what is no card, or one with a wrong check digit."""
    found = _CARD.fullmatch(text.strip())
    if found is None:
        return None
    try:
        EnrolmentCode.parse(found.group(1))
    except SyncError:
        return None
    address = found.group(2) or ""
    return Card(found.group(1), address if not address or "://" in address else _PLAIN + address)
