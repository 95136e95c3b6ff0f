"""Catalogues: the signed list of a publisher's packs and their newest versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from content.canonical import from_json, to_canonical
from content.errors import FormatError
from content.fields import SHA256_HEX, Fields
from content.manifest import KEY_ID, MAX_VERSION, check_format, pack_id
from content.text import Text

FORMAT = 1
PAYLOAD_TYPE = "application/vnd.keruen.catalogue+json"
MAX_CATALOGUE_BYTES = 2 * 1024 * 1024
MAX_SERIAL = 2**53 - 1
_MAX_ENVELOPE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class CatalogueEntry:
    """The newest version of a pack, and its manifest's envelope by hash (hex) and size."""

    pack: str
    version: int
    manifest_sha256: str
    manifest_size_bytes: int
    title: Text
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """A publisher's packs, one entry each, sorted by id; ``serial`` grows with every change."""

    publisher: str
    serial: int
    packs: Tuple[CatalogueEntry, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def entry(self, pack: str) -> Optional[CatalogueEntry]:
        """The entry of a pack, or None."""
        return next((entry for entry in self.packs if entry.pack == pack), None)

    def with_entry(self, entry: CatalogueEntry) -> Catalogue:
        """The next catalogue, where ``entry`` replaces its pack's former one."""
        others = [other for other in self.packs if other.pack != entry.pack]
        packs = tuple(sorted([*others, entry], key=lambda one: one.pack))
        return Catalogue(self.publisher, self.serial + 1, packs, self.extra)

    def to_bytes(self) -> bytes:
        """The payload that is signed: canonical JSON."""
        values: Dict[str, Any] = {
            "format": FORMAT,
            "publisher": self.publisher,
            "serial": self.serial,
            "packs": [_entry_values(entry) for entry in self.packs],
        }
        return to_canonical({**self.extra, **values})


def parse_catalogue(payload: bytes, place: str = "The catalogue") -> Catalogue:
    """Read a verified payload; raises FormatError and its kin naming ``place``."""
    fields = Fields(from_json(payload, place, MAX_CATALOGUE_BYTES), place)
    check_format(fields, FORMAT)
    catalogue = Catalogue(
        publisher=fields.matching("publisher", KEY_ID, "a key id of 32 hex digits"),
        serial=fields.integer("serial", 1, MAX_SERIAL),
        packs=tuple(_read_entry(entry) for entry in fields.children("packs")),
        extra=_unknown(fields, ("format", "needs", "publisher", "serial", "packs")),
    )
    ids = [entry.pack for entry in catalogue.packs]
    if ids != sorted(set(ids)):
        raise FormatError(f"{place} lists a pack twice or out of order.")
    return catalogue


def _read_entry(fields: Fields) -> CatalogueEntry:
    return CatalogueEntry(
        pack=pack_id(fields, "pack"),
        version=fields.integer("version", 1, MAX_VERSION),
        manifest_sha256=fields.matching("manifest_sha256", SHA256_HEX, "a SHA-256 in hex"),
        manifest_size_bytes=fields.integer("manifest_size_bytes", 1, _MAX_ENVELOPE_BYTES),
        title=fields.text("title"),
        extra=_unknown(
            fields, ("pack", "version", "manifest_sha256", "manifest_size_bytes", "title")
        ),
    )


def _unknown(fields: Fields, known: Tuple[str, ...]) -> Dict[str, Any]:
    return {name: value for name, value in fields.values.items() if name not in known}


def _entry_values(entry: CatalogueEntry) -> Dict[str, Any]:
    return {
        **entry.extra,
        "pack": entry.pack,
        "version": entry.version,
        "manifest_sha256": entry.manifest_sha256,
        "manifest_size_bytes": entry.manifest_size_bytes,
        "title": dict(entry.title),
    }
