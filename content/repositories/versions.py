"""The small files of published versions, each stored once however many versions have it.

Beside the core objects that clients install from, a repository keeps every small file as an object,
and for each version a listing of their hashes. Patches are made from them, a client that lost one
file fetches that one, and the cores of older versions are not needed any more.
"""

from __future__ import annotations

import hashlib
from typing import Dict, Iterator, Mapping, Optional, Tuple

from content.core import iterate_core
from content.errors import DamagedError, MissingError
from content.manifest import MAX_FILES, Manifest, hashes_fit
from content.patches.maker import Version
from content.repositories.repository import Repository
from content.storage import read_bounded
from content.watch import UNWATCHED, Watch

_HASH_BYTES = 32


def store_small_files(
    repository: Repository,
    manifest: Manifest,
    files: Mapping[str, bytes],
    watch: Watch = UNWATCHED,
) -> Version:
    """Store a version's small files and their listing; returns the version."""
    step = watch.step("storing texts and tasks", manifest.core.unpacked_bytes)
    hashes = []
    for file in manifest.core.files:
        content = files[file.path]
        sha256 = hashlib.sha256(content)
        hashes.append(sha256.digest())
        if not repository.has_object(sha256.hexdigest(), file.size_bytes):
            repository.write_object(sha256.hexdigest(), [content])
        step.add(file.size_bytes)
    if read_listing(repository, manifest) != tuple(hashes):
        repository.write_listing(manifest.pack, manifest.version, hashes)
    return version_of(repository, manifest, tuple(hashes))


def stored_version(repository: Repository, manifest: Manifest) -> Version:
    """A published version; one without a listing gets it from its core object.

    Raises MissingError and DamagedError when neither is whole.
    """
    hashes = read_listing(repository, manifest)
    if hashes is not None:
        return version_of(repository, manifest, hashes)
    return store_small_files(repository, manifest, dict(_core_files(repository, manifest)))


def hashes_of(
    repository: Repository, manifest: Manifest, watch: Watch = UNWATCHED
) -> Tuple[bytes, ...]:
    """The hashes of a version's small files, from its listing or its core; writes nothing.

    Raises MissingError and DamagedError when neither is whole, and CancelledError.
    """
    step = watch.step(f"reading version {manifest.version}", manifest.core.unpacked_bytes)
    hashes = read_listing(repository, manifest)
    if hashes is not None:
        step.add(manifest.core.unpacked_bytes)
        return hashes
    found = []
    for _, content in _core_files(repository, manifest):
        found.append(hashlib.sha256(content).digest())
        step.add(len(content))
    return tuple(found)


def _core_files(repository: Repository, manifest: Manifest) -> Iterator[Tuple[str, bytes]]:
    core = manifest.core
    packed = repository.read_object(core.object, core.size_bytes)
    return iterate_core(packed, core, str(repository.object_path(core.object)))


def read_listing(repository: Repository, manifest: Manifest) -> Optional[Tuple[bytes, ...]]:
    """The hashes of a version's small files; None when the listing is missing or damaged."""
    path = repository.listing_path(manifest.pack, manifest.version)
    try:
        data = read_bounded(path, MAX_FILES * _HASH_BYTES)
    except MissingError:
        return None
    hashes = tuple(data[at : at + _HASH_BYTES] for at in range(0, len(data), _HASH_BYTES))
    return hashes if hashes_fit(manifest, hashes) else None


def version_of(repository: Repository, manifest: Manifest, hashes: Tuple[bytes, ...]) -> Version:
    """A version whose small files are objects; its ``read`` raises MissingError, DamagedError."""
    files = manifest.core.files
    known: Dict[int, str] = {place: sha256.hex() for place, sha256 in enumerate(hashes)}

    def read(place: int) -> bytes:
        content = repository.read_object(known[place], files[place].size_bytes)
        if hashlib.sha256(content).hexdigest() != known[place]:
            path = repository.object_path(known[place])
            raise DamagedError(f"{path} is damaged; delete it and publish again.")
        return content

    return Version(manifest, hashes, read)
