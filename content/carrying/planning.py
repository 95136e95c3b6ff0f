"""From what a writer has and what a stick carries to a plan; reads, and writes nothing.

The stick's catalogue wins where it is newer than the writer's and signed by the publisher: a stick
that was at the server last week is not set back by a laptop that was not. What the writer lacks of
the chosen packs stays on the stick as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Dict, List, Mapping, Optional, Set, Tuple

from content.carrying.choices import chosen_media
from content.carrying.holder import Holder, missing, small_file
from content.carrying.patches import kept_patches, offered_patches
from content.carrying.plan import CarriedFile, Plan, PlannedPack
from content.carrying.shelf import (
    Shelf,
    core_path,
    has_object,
    manifest_path,
    object_path,
    publisher_folder,
)
from content.catalogue import Catalogue, CatalogueEntry
from content.errors import ContentError
from content.manifest import PAYLOAD_TYPE, Manifest, parse_manifest
from content.reader import read_catalogue
from content.repositories.repository import CATALOGUE, PUBLISHER, publisher_line
from content.trust.envelope import MAX_ENVELOPE_BYTES, unverified_payload
from content.trust.files import TrustFile
from content.trust.keys import PublicKey


@dataclass(frozen=True)
class Source:
    """Who writes: what they have, and the newest catalogue that they know, with its key."""

    holder: Holder
    publisher: PublicKey
    catalogue: bytes
    trusted: Mapping[str, bytes]
    trust: Tuple[Tuple[TrustFile, bytes], ...] = ()


def make_plan(source: Source, choices: Mapping[str, str], shelf: Shelf) -> Plan:
    """Plan what a stick is to carry; raises ContentError where the writer's catalogue is wrong."""
    own = read_catalogue(source.catalogue, source.trusted)
    newest = _newest(source, own, shelf)
    planning = _Planning(source, newest, shelf)
    for entry in newest.packs:
        if entry.pack in choices:
            planning.pack(entry, choices[entry.pack])
    return planning.plan(is_own=newest is own)


def _newest(source: Source, own: Catalogue, shelf: Shelf) -> Catalogue:
    """The stick's catalogue where it is newer and genuine, else the writer's."""
    path = f"{publisher_folder(own.publisher)}/{CATALOGUE}"
    data = shelf.read(path, MAX_ENVELOPE_BYTES)
    if data is None:
        return own
    try:
        there = read_catalogue(data, source.trusted, own.serial + 1, path)
    except ContentError:
        return own
    return there if there.publisher == own.publisher else own


@dataclass
class _Planning:
    source: Source
    catalogue: Catalogue
    shelf: Shelf
    objects: Dict[str, CarriedFile] = field(default_factory=dict)
    texts: List[CarriedFile] = field(default_factory=list)
    patches: List[CarriedFile] = field(default_factory=list)
    kept: Set[str] = field(default_factory=set)
    packs: List[PlannedPack] = field(default_factory=list)
    problems: Dict[str, ContentError] = field(default_factory=dict)

    @property
    def publisher(self) -> str:
        return self.catalogue.publisher

    def pack(self, entry: CatalogueEntry, choice: str) -> None:
        found = self._listed(entry)
        if found is None:
            self.problems[entry.pack] = missing(entry.pack, entry.version)
            self._keep_as_it_is(entry.pack, choice)
            return
        manifest, data = found
        path = manifest_path(self.publisher, entry.pack, entry.version)
        self.texts.append(small_file(path, data))
        self._keep(manifest, choice)
        size_bytes, missing_bytes = self._offer(manifest, choice)
        self._patches(entry, size_bytes)
        planned = PlannedPack(entry.pack, entry.version, choice, size_bytes, missing_bytes)
        self.packs.append(planned)

    def plan(self, is_own: bool) -> Plan:
        files = [*self.objects.values(), *self.texts, *self.patches]
        if self.packs or self.problems:
            files += self._signed(is_own)
        kept = self.kept.union(file.path for file in files)
        serial = self.catalogue.serial
        packs = tuple(self.packs)
        return Plan(self.publisher, serial, tuple(files), frozenset(kept), packs, self.problems)

    def _signed(self, is_own: bool) -> List[CarriedFile]:
        """What others rest on, the catalogue last: from then on readers see what it lists."""
        folder = publisher_folder(self.publisher)
        files = [small_file(f"{folder}/{file.path}", data) for file, data in self.source.trust]
        files.append(small_file(f"{folder}/{PUBLISHER}", publisher_line(self.source.publisher)))
        if is_own:
            files.append(small_file(f"{folder}/{CATALOGUE}", self.source.catalogue))
        return files

    def _listed(self, entry: CatalogueEntry) -> Optional[Tuple[Manifest, bytes]]:
        """The manifest that the catalogue lists, of the writer or of the stick."""
        own = self.source.holder.manifest(entry.pack, entry.version)
        path = manifest_path(self.publisher, entry.pack, entry.version)
        for data in (own, self.shelf.read(path, MAX_ENVELOPE_BYTES)):
            if data and hashlib.sha256(data).hexdigest() == entry.manifest_sha256:
                return _parsed(data, path), data
        return None

    def _keep(self, manifest: Manifest, choice: str) -> None:
        """Whatever of a version is on the stick, or comes, stays."""
        core = manifest.core
        self.kept.add(manifest_path(self.publisher, manifest.pack, manifest.version))
        self.kept.add(core_path(self.publisher, core.root))
        self.kept.add(object_path(self.publisher, core.object))
        for entry in chosen_media(manifest, choice):
            self.kept.add(object_path(self.publisher, entry.sha256))

    def _offer(self, manifest: Manifest, choice: str) -> Tuple[int, int]:
        """Plan what the writer has; returns its bytes, and those of what is nowhere."""
        core = self.source.holder.core(manifest)
        offered = {core.path: core} if core else {}
        missing_bytes = 0
        for entry in chosen_media(manifest, choice):
            blocks = self.source.holder.media(manifest, entry)
            path = object_path(self.publisher, entry.sha256)
            if blocks is not None:
                offered[path] = CarriedFile(
                    path, entry.size_bytes, entry.sha256, blocks, pieces=entry.piece_sha256
                )
            elif not has_object(self.shelf, path):
                missing_bytes += entry.size_bytes
        self.objects.update(offered)
        return sum(file.size_bytes for file in offered.values()), missing_bytes

    def _patches(self, entry: CatalogueEntry, size_bytes: int) -> None:
        objects, files = offered_patches(self.source.holder, self.publisher, entry, size_bytes)
        self.objects.update({file.path: file for file in objects})
        self.patches += files
        self.kept |= kept_patches(self.shelf, self.publisher, entry)

    def _keep_as_it_is(self, pack: str, choice: str) -> None:
        """Leave a version on the stick that the writer cannot bring up to date."""
        folder = f"{publisher_folder(self.publisher)}/manifests/{pack}"
        versions = sorted(int(name) for name in self.shelf.names(folder) if _is_version(name))
        for version in reversed(versions):
            path = manifest_path(self.publisher, pack, version)
            data = self.shelf.read(path, MAX_ENVELOPE_BYTES)
            try:
                self._keep(_parsed(data or b"", path), choice)
                return
            except ContentError:
                continue


def _is_version(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= 10


def _parsed(data: bytes, place: str) -> Manifest:
    return parse_manifest(unverified_payload(data, PAYLOAD_TYPE, place), place)
