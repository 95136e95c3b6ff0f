"""A mark of the machine at hand: the same after a reset, another one for a copy of the disk.

It comes from the address of a network card that is built in. What travels is four bytes of a hash
with the school's key: two machines of one school are told apart, and no address can be read off.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path

MARK_BYTES = 4
_CARDS = Path("/sys/class/net")
_MULTICAST = 1 << 40


def mark(salt: bytes) -> str:
    """Return the mark as 8 hex digits; empty where nothing built in tells machines apart."""
    address = _windows_address() if sys.platform == "win32" else linux_address()
    if not address:
        return ""
    digest = hashlib.sha256(b"keruen machine 1\0" + salt + address.encode("ascii"))
    return digest.hexdigest()[: 2 * MARK_BYTES]


def linux_address(cards: Path = _CARDS) -> str:
    """Return the least address of the cards that are built in: those on USB come and go."""
    found = []
    with contextlib.suppress(OSError):
        for card in cards.iterdir():
            with contextlib.suppress(OSError, ValueError):
                device = os.path.realpath(card / "device")
                address = (card / "address").read_text(encoding="ascii").strip()
                # Bit 1 of the first byte: made up by software, perhaps anew at each start.
                made_up = int(address[:2], 16) & 2
                if (card / "device").exists() and "/usb" not in device and not made_up:
                    found.append(address)
    return min(found, default="")


def _windows_address() -> str:
    import uuid

    node = uuid.getnode()
    return "" if node & _MULTICAST else f"{node:012x}"
