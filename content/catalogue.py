"""Catalogues: the signed list of a publisher's packs and their newest versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Collection, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from content.canonical import from_json, to_canonical
from content.errors import FormatError
from content.fields import SHA256_HEX, Fields
from content.manifest import KEY_ID, MAX_CORE_BYTES, MAX_VERSION, check_format, pack_id
from content.text import Text

FORMAT = 1
PAYLOAD_TYPE = "application/vnd.keruen.catalogue+json"
MAX_CATALOGUE_BYTES = 2 * 1024 * 1024
MAX_SERIAL = 2**53 - 1
_MAX_ENVELOPE_BYTES = 8 * 1024 * 1024
MAX_PATCHES = 1024


class ListedPatch(NamedTuple):
    """The version that a patch starts from, and its size; a large one is an object too.

    What a patch makes is verified, so small ones need no hash of their own; a large one has it
    (``sha256``, hex) so that it can be fetched in parts.
    """

    version: int
    size_bytes: int
    sha256: str = ""


@dataclass(frozen=True)
class CatalogueEntry:
    """The newest version of a pack, and its manifest's envelope by hash (hex) and size.

    ``patches`` lead from an older version straight to this one, ``steps`` from one that is older
    still to the next in line, the newest first: ``steps[0]`` leads to the last version in
    ``patches``. Only what saves bytes is listed.
    """

    pack: str
    version: int
    manifest_sha256: str
    manifest_size_bytes: int
    title: Text
    extra: Mapping[str, Any] = field(default_factory=dict)
    core_size_bytes: int = 0
    patches: Tuple[ListedPatch, ...] = ()
    steps: Tuple[ListedPatch, ...] = ()


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


_ENTRY = frozenset(
    ("pack", "version", "manifest_sha256", "manifest_size_bytes", "title", "core_size_bytes",
     "patches", "steps")
)  # fmt: skip


def _read_entry(fields: Fields) -> CatalogueEntry:
    version = fields.integer("version", 1, MAX_VERSION)
    patches = _read_sizes(fields, "patches", version)
    oldest = patches[-1][0] if patches else 1
    return CatalogueEntry(
        pack=pack_id(fields, "pack"),
        version=version,
        manifest_sha256=fields.matching("manifest_sha256", SHA256_HEX, "a SHA-256 in hex"),
        manifest_size_bytes=fields.integer("manifest_size_bytes", 1, _MAX_ENVELOPE_BYTES),
        title=fields.text("title"),
        extra=_unknown(fields, _ENTRY),
        core_size_bytes=fields.integer("core_size_bytes", 0, MAX_CORE_BYTES, default=0),
        patches=patches,
        steps=_read_sizes(fields, "steps", oldest),
    )


_LISTED = ("version", "size", "sha256")


def _read_sizes(fields: Fields, name: str, below: int) -> Tuple[ListedPatch, ...]:
    """Pairs of version and size, falling from under ``below``."""
    sizes = []
    for pair in fields.sequence(name, required=False, limit=MAX_PATCHES):
        if not isinstance(pair, list) or len(pair) not in (2, 3):
            raise fields.fail(name, "must list pairs of a version and a size")
        row = Fields(dict(zip(_LISTED, pair)), f"{fields.place}: {name}")
        if below < 2:
            raise fields.fail(name, "must list versions from the newest down")
        below = row.integer("version", 1, below - 1)
        sha256 = row.matching("sha256", SHA256_HEX, "a hash") if len(pair) == 3 else ""
        sizes.append(ListedPatch(below, row.integer("size", 1, MAX_CORE_BYTES), sha256))
    return tuple(sizes)


def listed_patches(entry: CatalogueEntry) -> Iterator[Tuple[ListedPatch, int]]:
    """Every patch that an entry lists, with the version that it leads to."""
    for patch in entry.patches:
        yield patch, entry.version
    after = entry.patches[-1].version if entry.patches else entry.version
    for patch in entry.steps:
        yield patch, after
        after = patch.version


def route(entry: CatalogueEntry, start: int) -> Optional[Tuple[Tuple[ListedPatch, int], ...]]:
    """The patches that lead from version ``start`` to the entry's, in order.

    None when there are none, or when fetching the whole pack anew costs no more bytes.
    """
    leads = {patch.version: (patch, new) for patch, new in listed_patches(entry)}
    hops = []
    while start != entry.version:
        if start not in leads:
            return None
        hops.append(leads[start])
        start = leads[start][1]
    # A single patch is listed only if it pays, the media that it spares included.
    whole_bytes = entry.manifest_size_bytes + entry.core_size_bytes
    pays = len(hops) == 1 or sum(patch.size_bytes for patch, _ in hops) < whole_bytes
    return tuple(hops) if hops and pays else None


def _listed(patch: ListedPatch) -> List[Any]:
    return [patch.version, patch.size_bytes, *([patch.sha256] if patch.sha256 else [])]


def _unknown(fields: Fields, known: Collection[str]) -> Dict[str, Any]:
    return {name: value for name, value in fields.values.items() if name not in known}


def _entry_values(entry: CatalogueEntry) -> Dict[str, Any]:
    return {
        **entry.extra,
        "pack": entry.pack,
        "version": entry.version,
        "manifest_sha256": entry.manifest_sha256,
        "manifest_size_bytes": entry.manifest_size_bytes,
        "title": dict(entry.title),
        **({"core_size_bytes": entry.core_size_bytes} if entry.core_size_bytes else {}),
        **({"patches": [_listed(one) for one in entry.patches]} if entry.patches else {}),
        **({"steps": [_listed(one) for one in entry.steps]} if entry.steps else {}),
    }
