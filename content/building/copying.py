"""Bringing what a catalogue lists from one repository into another, for a server or a stick.

The source was verified before; objects are hashed once more while they are copied. What is there
already is not copied again, and nothing that is there is taken away. The catalogue is left to the
caller: it goes last.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, Mapping, Set

from content.catalogue import Catalogue, CatalogueEntry, listed_patches
from content.manifest import Manifest
from content.patches.patch import parse_patch
from content.repositories.repository import Repository
from content.repositories.versions import read_listing
from content.watch import UNWATCHED, Watch


def copy_packs(
    catalogue: Catalogue,
    source: Repository,
    target: Repository,
    trusted: Mapping[str, bytes],
    watch: Watch = UNWATCHED,
) -> List[int]:
    """Copy the newest version of every pack whole, and the patches that lead to it.

    Of older versions come the manifest and the small files that patches start from, no media.
    Returns the sizes of the files that were copied, in bytes. Raises ContentError; after a
    CancelledError what was copied stays, and need not be copied again.
    """
    copying = _Copying(source, target, trusted, watch)
    for entry in catalogue.packs:
        copying.pack(entry)
    return copying.copied


class _Copying:
    def __init__(
        self,
        source: Repository,
        target: Repository,
        trusted: Mapping[str, bytes],
        watch: Watch,
    ) -> None:
        self._source = source
        self._target = target
        self._trusted = trusted
        self._watch = watch
        self.copied: List[int] = []

    def pack(self, entry: CatalogueEntry) -> None:
        patches = list(listed_patches(entry))
        older = {version for patch, new in patches for version in (patch.version, new)}
        for version in sorted(older - {entry.version}):
            self._version(self._source.manifest(entry.pack, version, self._trusted))
        newest = self._source.manifest(entry.pack, entry.version, self._trusted)
        self._object(newest.core.object, newest.core.size_bytes)
        for media in newest.media:
            self._object(media.sha256, media.size_bytes)
        self._version(newest)
        for patch, new in patches:
            self._patch(entry.pack, patch.version, new)
            if patch.sha256:
                self._object(patch.sha256, patch.size_bytes)

    def _version(self, manifest: Manifest) -> None:
        pack, version = manifest.pack, manifest.version
        hashes = read_listing(self._source, manifest) or ()
        seen: Set[bytes] = set()
        for file, sha256 in zip(manifest.core.files, hashes):
            if sha256 not in seen:
                seen.add(sha256)
                self._object(sha256.hex(), file.size_bytes)
        if hashes and read_listing(self._target, manifest) != hashes:
            self._target.write_listing(pack, version, hashes)
            self.copied.append(sum(map(len, hashes)))
        data = self._source.manifest_bytes(pack, version)
        if _differs(self._target.manifest_path(pack, version), data):
            self._target.write_manifest(pack, version, data)
            self.copied.append(len(data))

    def _patch(self, pack: str, old: int, new: int) -> None:
        data = self._source.patch_bytes(pack, old, new)
        for media in parse_patch(data, str(self._source.patch_path(pack, old, new))).media:
            for sha256, size_bytes in media.objects:
                self._object(sha256, size_bytes)
        if _differs(self._target.patch_path(pack, old, new), data):
            self._target.write_patch(pack, old, new, data)
            self.copied.append(len(data))

    def _object(self, sha256: str, size_bytes: int) -> None:
        if not self._target.has_object(sha256, size_bytes):
            step = self._watch.step(f"copying {sha256[:16]}", size_bytes)
            self._target.copy_object(sha256, self._source.object_path(sha256), step.add)
            self.copied.append(size_bytes)


def _differs(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() != data
    except OSError:
        return True
