"""Withdrawals: an issuer's signed list of keys that it no longer vouches for. It only grows newer.

What was accepted from a key before stays usable; nothing newer is accepted. So that a laptop which
comes later can still install what was honest, the list may name the last good catalogue by hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from content.canonical import from_json, to_canonical
from content.errors import FormatError
from content.fields import SHA256_HEX, Fields
from content.manifest import KEY_ID, check_format
from content.trust.certificate import MAX_NUMBER, Certificate

FORMAT = 1
PAYLOAD_TYPE = "application/vnd.keruen.withdrawals+json"
MAX_WITHDRAWALS_BYTES = 1024 * 1024
MAX_WITHDRAWN = 10_000
MAX_SERIAL = 2**53 - 1


@dataclass(frozen=True)
class Withdrawn:
    """A key, by id. ``up_to`` spares certificates of it with a higher number; 0 spares none.

    ``catalogue`` is the SHA-256 of the last catalogue by it that may still be used.
    """

    key_id: str
    up_to: int = 0
    catalogue: str = ""

    def covers(self, certificate: Certificate) -> bool:
        """Whether this certificate is withdrawn."""
        return self.key_id == certificate.key_id and (
            not self.up_to or certificate.number <= self.up_to
        )


@dataclass(frozen=True)
class Withdrawals:
    """The list of one issuer (a root's id or a key's); ``serial`` grows with every change."""

    issuer: str
    serial: int
    withdrawn: Tuple[Withdrawn, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def find(self, certificate: Certificate) -> Optional[Withdrawn]:
        """The entry that withdraws a certificate, or None."""
        return next((one for one in self.withdrawn if one.covers(certificate)), None)

    def with_entry(self, entry: Withdrawn) -> Withdrawals:
        """The next list, where ``entry`` takes the place of what was said of its key."""
        others = [one for one in self.withdrawn if one.key_id != entry.key_id]
        entries = tuple(sorted([*others, entry], key=lambda one: one.key_id))
        return Withdrawals(self.issuer, self.serial + 1, entries, self.extra)

    def to_bytes(self) -> bytes:
        """The payload that is signed: canonical JSON."""
        values: Dict[str, Any] = {
            "format": FORMAT,
            "issuer": self.issuer,
            "serial": self.serial,
            "withdrawn": [_entry_values(one) for one in self.withdrawn],
        }
        return to_canonical({**self.extra, **values})


def parse_withdrawals(payload: bytes, place: str = "The list of withdrawals") -> Withdrawals:
    """Read a payload; raises FormatError and its kin naming ``place``."""
    fields = Fields(from_json(payload, place, MAX_WITHDRAWALS_BYTES), place)
    check_format(fields, FORMAT)
    entries = fields.children("withdrawn", limit=MAX_WITHDRAWN)
    found = Withdrawals(
        issuer=fields.matching("issuer", KEY_ID, "the id of a root or a key"),
        serial=fields.integer("serial", 1, MAX_SERIAL),
        withdrawn=tuple(_read_entry(one) for one in entries),
        extra={
            name: value
            for name, value in fields.values.items()
            if name not in ("format", "needs", "issuer", "serial", "withdrawn")
        },
    )
    ids = [one.key_id for one in found.withdrawn]
    if ids != sorted(set(ids)):
        raise FormatError(f"{place} lists a key twice or out of order.")
    return found


def _read_entry(fields: Fields) -> Withdrawn:
    return Withdrawn(
        key_id=fields.matching("key", KEY_ID, "a key id of 32 hex digits"),
        up_to=fields.integer("up_to", 0, MAX_NUMBER, default=0),
        catalogue=fields.matching("catalogue", SHA256_HEX, "a SHA-256 in hex")
        if fields.has("catalogue")
        else "",
    )


def _entry_values(entry: Withdrawn) -> Dict[str, Any]:
    values: Dict[str, Any] = {"key": entry.key_id}
    if entry.up_to:
        values["up_to"] = entry.up_to
    if entry.catalogue:
        values["catalogue"] = entry.catalogue
    return values
