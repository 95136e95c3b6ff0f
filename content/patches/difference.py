"""What an update from one published version to another holds, and what it costs to fetch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Tuple

from content.catalogue import CatalogueEntry, route
from content.errors import MissingError
from content.manifest import Manifest
from content.patches.patch import MediaPatch, parse_patch
from content.repositories.repository import Repository
from content.repositories.versions import hashes_of
from content.watch import UNWATCHED, Watch

RATES_BITS_S = (256_000, 1_000_000, 4_000_000)
"""The links that schools have: bits a second."""


@dataclass(frozen=True)
class Difference:
    """Paths by what happened to them, and bytes to fetch.

    ``media_bytes`` maps a changed media file to what has to be fetched for it, patched or whole.
    ``patch_bytes`` is 0 where no patch leads from the one version to the other: then the core and
    the manifest are fetched anew (``whole_bytes``).
    """

    pack: str
    old: int
    new: int
    added: Tuple[str, ...]
    removed: Tuple[str, ...]
    changed: Tuple[str, ...]
    moved: Tuple[Tuple[str, str], ...]
    catalogue_bytes: int
    patch_bytes: int
    whole_bytes: int
    media_bytes: Mapping[str, int]

    @property
    def total_bytes(self) -> int:
        """All of the update, without what HTTP adds."""
        core_bytes = self.patch_bytes or self.whole_bytes
        return self.catalogue_bytes + core_bytes + sum(self.media_bytes.values())

    def seconds(self, bits_s: int) -> float:
        """How long that takes on a link of so many bits a second."""
        return self.total_bytes * 8 / bits_s


def difference(
    repository: Repository,
    trusted: Mapping[str, bytes],
    pack: str,
    old: Optional[int] = None,
    new: Optional[int] = None,
    watch: Watch = UNWATCHED,
) -> Difference:
    """Compare two published versions; without numbers, the newest with the one before it.

    Nothing is written. Raises MissingError when the pack or a version is not there, and
    CancelledError.
    """
    entry = repository.catalogue(trusted).entry(pack)
    if entry is None:
        raise MissingError(f"{repository.folder} holds no pack called {pack[:80]!r}.")
    new = entry.version if new is None else new
    older = [version for name, version in repository.versions() if name == pack and version < new]
    if old is None and not older:
        raise MissingError(f"{pack} has no version before {new}; there is nothing to compare.")
    old = older[-1] if old is None else old
    before, after = (repository.manifest(pack, version, trusted) for version in (old, new))
    patch_bytes, patched = _patch(repository, entry, before, after)
    kinds = _kinds(_files(repository, before, watch), _files(repository, after, watch))
    return Difference(
        pack,
        old,
        new,
        *kinds,
        catalogue_bytes=len(repository.catalogue_bytes()),
        patch_bytes=patch_bytes,
        whole_bytes=len(repository.manifest_bytes(pack, new)) + after.core.size_bytes,
        media_bytes=_media_bytes(before, after, patched),
    )


def _patch(
    repository: Repository, entry: CatalogueEntry, old: Manifest, new: Manifest
) -> Tuple[int, Tuple[MediaPatch, ...]]:
    """The size of the patches between two versions, and the media patches of a single one."""
    hops = route(entry, old.version) if new.version == entry.version else None
    if hops:
        total_bytes = sum(patch.size_bytes for patch, _ in hops)
    else:
        total_bytes = repository.patch_size(new.pack, old.version, new.version)
    media: Tuple[MediaPatch, ...] = ()
    if total_bytes and repository.patch_size(new.pack, old.version, new.version):
        path = repository.patch_path(new.pack, old.version, new.version)
        data = repository.patch_bytes(new.pack, old.version, new.version)
        media = parse_patch(data, str(path)).media
    return total_bytes, media


def _files(repository: Repository, manifest: Manifest, watch: Watch) -> Dict[str, str]:
    """Path to hash of every file of a version."""
    hashes = hashes_of(repository, manifest, watch)
    found = {file.path: one.hex() for file, one in zip(manifest.core.files, hashes)}
    return {**found, **{entry.path: entry.sha256 for entry in manifest.media}}


_Kinds = Tuple[
    Tuple[str, ...], Tuple[str, ...], Tuple[str, ...], Tuple[Tuple[str, str], ...]
]  # fmt: skip


def _kinds(old: Mapping[str, str], new: Mapping[str, str]) -> _Kinds:
    """Paths that were added, removed, changed, and moved (from, to)."""
    gone = {sha256: path for path, sha256 in sorted(old.items()) if path not in new}
    came = [path for path in sorted(new) if path not in old]
    moved = tuple((gone[new[path]], path) for path in came if new[path] in gone)
    targets, origins = {to for _, to in moved}, {start for start, _ in moved}
    return (
        tuple(path for path in came if path not in targets),
        tuple(path for path in sorted(old) if path not in new and path not in origins),
        tuple(path for path in sorted(new) if path in old and old[path] != new[path]),
        moved,
    )


def _media_bytes(
    old: Manifest, new: Manifest, patched: Tuple[MediaPatch, ...]
) -> Mapping[str, int]:
    here = {entry.sha256 for entry in old.media}
    by_patch = {one.new: one.size_bytes for one in patched}
    return {
        entry.path: by_patch.get(place, entry.size_bytes)
        for place, entry in enumerate(new.media)
        if entry.sha256 not in here
    }
