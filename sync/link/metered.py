"""Whether a link is likely a telephone's, and paid by the megabyte, told by the address it gives.

Old systems cannot be asked. Telephones that share their link hand out addresses from ranges of
their own: iPhones 172.20.10.0/28, Android (before version 11, and many makers' since)
192.168.42.0/24 over USB, .43 over Wi-Fi and .44 over Bluetooth. A guess that is wrong is put right
by a rule.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Optional

_TELEPHONES = tuple(
    ipaddress.IPv4Network(text)
    for text in ("172.20.10.0/28", "192.168.42.0/24", "192.168.43.0/24", "192.168.44.0/24")
)
_FAR_AWAY = ("192.0.2.1", 9)
"""An address that is nobody's (RFC 5737): only the way to it is asked for, and nothing is sent."""


def is_telephones(address: str) -> bool:
    """Tell whether this machine's own address is one that telephones give."""
    try:
        own = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return any(own in network for network in _TELEPHONES)


def own_address() -> Optional[str]:
    """Return the address that this machine would send from; None without a network."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.connect(_FAR_AWAY)
            return str(one.getsockname()[0])
    except OSError:
        return None
