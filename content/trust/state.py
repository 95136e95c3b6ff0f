"""What a machine remembers of trust: whom it trusts, and the newest that it has accepted.

A plain value. Its file is small and sealed with its own hash; whoever keeps it replaces it whole.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, Dict, Mapping, Tuple

from content.canonical import MAX_VALUES, from_json, to_canonical
from content.errors import ContentError, TooLargeError, UnknownFormatError
from content.fields import Fields
from content.manifest import check_format
from content.trust.errors import TrustStateError
from content.trust.root import id_of

FORMAT = 1
MAX_STATE_BYTES = 32 * 1024 * 1024
MAX_REMEMBERED = 20_000
"""Packs of one publisher: nobody may fill the file, and so keep others from being remembered."""
ROOT = "root-"
WITHDRAWALS = "withdrawals-"
"""Beginnings of the names by which a server announces its newest root and lists."""


@dataclass(frozen=True)
class Accepted:
    """The newest catalogue accepted from a publisher, and the newest version of each pack."""

    serial: int
    sha256: str
    versions: Mapping[str, int]


@dataclass(frozen=True)
class TrustState:
    """Given by the school: ``pins`` and ``publishers``. The rest was verified when it was accepted.

    A pin is the SHA-256 of a root's first payload, by the root's id; a publisher's key by key id.
    ``roots`` (by id), ``withdrawals`` (by issuer) and ``chains`` (by publisher) are the files
    themselves, ``catalogues`` what is remembered of each publisher's newest one.
    """

    pins: Mapping[str, bytes] = field(default_factory=dict)
    publishers: Mapping[str, bytes] = field(default_factory=dict)
    roots: Mapping[str, bytes] = field(default_factory=dict)
    withdrawals: Mapping[str, bytes] = field(default_factory=dict)
    chains: Mapping[str, bytes] = field(default_factory=dict)
    catalogues: Mapping[str, Accepted] = field(default_factory=dict)

    def trusting(self, given: Mapping[str, bytes]) -> TrustState:
        """The state under what the school says now: keys by key id, pins by ``root-`` and id."""
        direct, pins = split_given(given)
        return replace(self, publishers=direct, pins=pins)

    def to_bytes(self) -> bytes:
        """The file: a line with the SHA-256 of the rest, then canonical JSON.

        Raises TooLargeError for more than ``read_state`` would take: better no newer state than one
        that is lost.
        """
        values: Dict[str, Any] = {
            "format": FORMAT,
            "pins": {name: _base64(pin) for name, pin in self.pins.items()},
            "publishers": {name: _base64(key) for name, key in self.publishers.items()},
            "catalogues": {
                name: {"serial": one.serial, "sha256": one.sha256, "versions": dict(one.versions)}
                for name, one in self.catalogues.items()
            },
        }
        for name in ("roots", "withdrawals", "chains"):
            files: Mapping[str, bytes] = getattr(self, name)
            values[name] = {key: data.decode("ascii") for key, data in files.items()}
        content = to_canonical(values)
        if len(content) > MAX_STATE_BYTES or content.count(b",") > MAX_VALUES:
            raise TooLargeError("Too much is trusted to be remembered; take trust back from some.")
        return hashlib.sha256(content).hexdigest().encode("ascii") + b"\n" + content


def split_given(given: Mapping[str, bytes]) -> Tuple[Dict[str, bytes], Dict[str, bytes]]:
    """Part what a school's server says: publishers' keys, and pins of roots by root id."""
    pins = {
        name[len(ROOT) :]: pin
        for name, pin in given.items()
        if name.startswith(ROOT) and name[len(ROOT) :] == id_of(pin)
    }
    return {name: key for name, key in given.items() if not name.startswith(ROOT)}, pins


def read_state(data: bytes, place: str = "The trust file") -> TrustState:
    """Read the file; raises TrustStateError naming ``place`` where it is damaged.

    Raises UnknownFormatError for one that a newer programme wrote: it must not be replaced.
    """
    seal, _, content = data.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode("ascii") != seal:
        raise TrustStateError(f"{place} is damaged: it differs from its own hash.")
    try:
        return _read(Fields(from_json(content, place, MAX_STATE_BYTES), place, TrustStateError))
    except (TrustStateError, UnknownFormatError):
        raise
    except (ContentError, ValueError, binascii.Error, AttributeError, TypeError) as problem:
        raise TrustStateError(f"{place} cannot be read: {problem}") from problem


def _read(fields: Fields) -> TrustState:
    check_format(fields, FORMAT)

    def keys(name: str) -> Dict[str, bytes]:
        values = fields.child(name).values
        return {key: base64.b64decode(text, validate=True) for key, text in values.items()}

    def files(name: str) -> Dict[str, bytes]:
        return {key: text.encode("ascii") for key, text in fields.child(name).values.items()}

    catalogues = fields.child("catalogues")
    return TrustState(
        pins=keys("pins"),
        publishers=keys("publishers"),
        roots=files("roots"),
        withdrawals=files("withdrawals"),
        chains=files("chains"),
        catalogues={name: _read_accepted(catalogues.child(name)) for name in catalogues.values},
    )


def _read_accepted(fields: Fields) -> Accepted:
    versions = fields.child("versions")
    return Accepted(
        serial=fields.integer("serial", 0, 2**53 - 1),
        sha256=fields.string("sha256"),
        versions={pack: versions.integer(pack, 1, 2**31 - 1) for pack in versions.values},
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
