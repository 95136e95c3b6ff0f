"""What is said by multicast DNS, and how little of what others say is believed.

Services are named as DNS-SD wants them (RFC 6763). A server's name holds its device id, so that
whoever looks for it passes over everybody else unheard; a neighbour's is drawn by chance. What is
found so is a hint and never more: anybody in the network may say anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, Iterable, Mapping, Optional, Sequence, Tuple

from sync.identity import device_id_bytes

SERVER = "_keruen._tcp.local."
LENDER = "_keruen-lend._tcp.local."
MAX_ADDRESSES = 4
MAX_TEXT_BYTES = 255
"""A string of a TXT record, its key included (RFC 6763, section 6.1)."""
ID = "id"
HOLDS = ("h", "h1", "h2", "h3")
"""What a neighbour holds: the tags of its packs' versions, joined, in base64url."""
TAG_BYTES = 4
TAGS_A_STRING = 45
_LABEL = re.compile(r"[0-9a-f]{32}\Z")
_KEYS = frozenset((ID, *HOLDS))


@dataclass(frozen=True)
class Advert:
    """One service: its kind, its own label of 32 hex digits, where it is, and what it says."""

    kind: str
    label: str
    port: int
    addresses: Tuple[str, ...]
    text: Mapping[str, str] = field(default_factory=dict)

    @property
    def urls(self) -> Tuple[str, ...]:
        """The addresses as base URLs."""
        return tuple(f"http://{address}:{self.port}" for address in self.addresses)

    @property
    def tags(self) -> FrozenSet[bytes]:
        """What a neighbour says that it holds."""
        joined = b"".join(_decoded(self.text.get(key, "")) for key in HOLDS)
        starts = range(0, len(joined) - TAG_BYTES + 1, TAG_BYTES)
        return frozenset(joined[start : start + TAG_BYTES] for start in starts)


def server_label(device_id: str) -> str:
    """Return the label under which a server is found; raises MessageError for no device id."""
    return device_id_bytes(device_id).hex()


def server_advert(device_id: str, port: int, addresses: Sequence[str]) -> Advert:
    """Say where a server is."""
    return Advert(SERVER, server_label(device_id), port, tuple(addresses), {ID: device_id})


def lender_advert(label: str, port: int, addresses: Sequence[str], tags: Iterable[bytes]) -> Advert:
    """Say where a neighbour is that lends objects, and of which packs."""
    return Advert(LENDER, label, port, tuple(addresses), holds_text(tags))


def pack_tag(publisher: str, pack: str, version: int) -> bytes:
    """Return the few bytes that stand for a version of a pack; two may rarely have the same."""
    return hashlib.sha256(f"{publisher}/{pack}/{version}".encode()).digest()[:TAG_BYTES]


def holds_text(tags: Iterable[bytes]) -> Dict[str, str]:
    """Write tags as strings of a TXT record; what does not fit into four of them is left out."""
    ordered = sorted(set(tags))
    groups = [
        ordered[start : start + TAGS_A_STRING] for start in range(0, len(ordered), TAGS_A_STRING)
    ]
    return {
        key: base64.urlsafe_b64encode(b"".join(group)).decode("ascii")
        for key, group in zip(HOLDS, groups)
    }


def is_label(kind: str, name: str) -> Optional[str]:
    """Return the label of a service's full name; None where it has not the form of ours."""
    label = name[: -len(kind) - 1].lower() if name.lower().endswith("." + kind) else ""
    return label if _LABEL.match(label) else None


def heard(
    kind: str,
    label: str,
    port: Optional[int],
    addresses: Iterable[str],
    properties: Mapping[bytes, Optional[bytes]],
) -> Optional[Advert]:
    """Make what somebody said an advert; None where it makes no sense."""
    if port is None or not 0 < port < 1 << 16:
        return None
    found = tuple(one for one in list(addresses)[:MAX_ADDRESSES] if _is_address(one))
    text = {}
    for raw_key, raw_value in properties.items():
        if raw_value is None or len(raw_key) + 1 + len(raw_value) > MAX_TEXT_BYTES:
            continue
        key = raw_key.decode("latin-1").lower()
        if key in _KEYS and raw_value.isascii():
            text[key] = raw_value.decode("ascii")
    return Advert(kind, label, port, found, text) if found else None


def _is_address(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        return b""
