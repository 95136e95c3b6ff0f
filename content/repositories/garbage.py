"""Clearing a repository of what no kept version needs.

What the catalogue lists stays, with what its patches start from. A catalogue that lists less is
written first; files go after that, so whoever reads meanwhile, or after a crash, finds all that is
listed. Files of which this programme knows nothing are left alone.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Iterator, Mapping, Optional, Set, Tuple

from content import catalogue as catalogues
from content.catalogue import Catalogue, CatalogueEntry, listed_patches
from content.lock import locked
from content.patches.patch import parse_patch
from content.repositories.repository import LOCK, Repository
from content.repositories.versions import stored_version
from content.storage import storage_errors
from content.trust import envelope
from content.trust.keys import PublisherKey
from content.watch import UNWATCHED, Step, Watch


@dataclass(frozen=True)
class Cleared:
    """What was deleted, and how many bytes that freed."""

    files: int
    freed_bytes: int


@dataclass
class _Kept:
    """Names, relative to the repository, of what stays."""

    names: Set[str]

    def object(self, sha256: str) -> None:
        self.names.add(f"objects/{sha256[:2]}/{sha256}")


def clear_garbage(
    repository: Repository,
    trusted: Mapping[str, bytes],
    keep: Optional[int] = None,
    key: Optional[PublisherKey] = None,
    watch: Watch = UNWATCHED,
) -> Cleared:
    """Delete what is not needed; ``keep`` drops patches from all but so many newest versions.

    That changes the catalogue, so that it takes the publisher's ``key``. Raises a ContentError, and
    deletes nothing, when the catalogue or something that it lists cannot be read; CancelledError
    when ``watch`` says so: what is needed is there, and the next time clears the rest.
    """
    with locked(repository.folder / LOCK):
        catalogue = repository.catalogue(trusted)
        if keep is not None and key is not None:
            catalogue = _with_fewer(repository, catalogue, keep, key)
        kept = _kept(repository, catalogue, trusted, watch)
        cleared = _delete(repository, kept.names, watch)
        repository.clear_staging()
        return cleared


def _with_fewer(
    repository: Repository, catalogue: Catalogue, keep: int, key: PublisherKey
) -> Catalogue:
    fewer = tuple(_shortened(entry, max(0, keep - 1)) for entry in catalogue.packs)
    if fewer == catalogue.packs:
        return catalogue
    later = replace(catalogue, serial=catalogue.serial + 1, packs=fewer)
    signed = envelope.sign(later.to_bytes(), catalogues.PAYLOAD_TYPE, [key])
    repository.write_catalogue(signed)
    return later


def _shortened(entry: CatalogueEntry, older: int) -> CatalogueEntry:
    steps = entry.steps[: max(0, older - len(entry.patches))]
    return replace(entry, patches=entry.patches[:older], steps=steps)


def _kept(
    repository: Repository, catalogue: Catalogue, trusted: Mapping[str, bytes], watch: Watch
) -> _Kept:
    kept = _Kept(set())
    listed = (patch for entry in catalogue.packs for patch, _ in listed_patches(entry))
    step = watch.step("reading what is kept", sum(patch.size_bytes for patch in listed))
    for entry in catalogue.packs:
        _keep_pack(repository, entry, trusted, kept, step)
    return kept


def _keep_pack(
    repository: Repository,
    entry: CatalogueEntry,
    trusted: Mapping[str, bytes],
    kept: _Kept,
    step: Step,
) -> None:
    newest = repository.manifest(entry.pack, entry.version, trusted)
    kept.object(newest.core.object)
    patches = list(listed_patches(entry))
    # Media of these versions are what the next version's media patches are made against.
    with_media = {entry.version, *(patch.version for patch in entry.patches)}
    for version in {entry.version} | {
        one for patch, new in patches for one in (patch.version, new)
    }:
        manifest = repository.manifest(entry.pack, version, trusted)
        kept.names |= {f"manifests/{entry.pack}/{version}", f"listings/{entry.pack}/{version}"}
        # A version whose listing is lost gets it from its core before that goes.
        for sha256 in stored_version(repository, manifest).hashes:
            kept.object(sha256.hex())
        for media in manifest.media if version in with_media else ():
            kept.object(media.sha256)
    for patch, new in patches:
        kept.names.add(f"patches/{entry.pack}/{patch.version}-{new}")
        if patch.sha256:
            kept.object(patch.sha256)
        data = repository.patch_bytes(entry.pack, patch.version, new)
        path = repository.patch_path(entry.pack, patch.version, new)
        for one in parse_patch(data, str(path)).media:
            for stored in one.objects:
                kept.object(stored.sha256)
        step.add(patch.size_bytes)


def _delete(repository: Repository, kept: Set[str], watch: Watch) -> Cleared:
    doomed = [path for name, path in _files(repository.folder) if name not in kept]
    with storage_errors(repository.folder):
        sizes = [path.stat().st_size for path in doomed]
    step = watch.step("deleting", sum(sizes))
    for path, size_bytes in zip(doomed, sizes):
        watch.check()
        with storage_errors(path):
            path.unlink()
        with contextlib.suppress(OSError):
            path.parent.rmdir()
        step.add(size_bytes)
    return Cleared(len(doomed), sum(sizes))


def _files(folder: Path) -> Iterator[Tuple[str, Path]]:
    """What may be deleted, in an order in which nothing misses what it needs."""
    for pattern in ("patches/*/*", "manifests/*/*", "listings/*/*", "objects/*/*"):
        for path in sorted(folder.glob(pattern)):
            links = (path, path.parent, path.parent.parent)
            # What a link leads to may be somebody else's.
            if path.is_file() and not any(one.is_symlink() for one in links):
                yield path.relative_to(folder).as_posix(), path
