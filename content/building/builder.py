"""Building: a source folder becomes a signed version in a repository.

What is written comes last to first: objects, then the manifest that lists them, then the patches
that lead to it, then the catalogue that lists manifest and patches. A build that stops anywhere
leaves the repository as it was; building the same source again changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Mapping, Optional, Tuple

from content import catalogue as catalogues
from content import manifest as manifests
from content.building.source import Source, SourceMedia, read_source
from content.catalogue import Catalogue, CatalogueEntry
from content.core import core_entry, pack_core
from content.core_frames import frames_of
from content.errors import (
    ContentError,
    MismatchError,
    MissingError,
    UntrustedKeyError,
    VersionError,
)
from content.lock import locked
from content.manifest import Manifest, MediaEntry
from content.patches.maker import Version
from content.patches.patch_set import PatchSet
from content.repositories.hash_cache import HashCache
from content.repositories.repository import LOCK, Repository
from content.repositories.versions import read_listing, store_small_files
from content.sealing.secret import sealing_secret
from content.storage import storage_errors
from content.trust import envelope
from content.trust.keys import PublisherKey
from content.watch import UNWATCHED, Watch


@dataclass(frozen=True)
class Plan:
    """A version that is ready to be written: nothing has been yet."""

    manifest: Manifest
    core: bytes
    media: Tuple[Tuple[MediaEntry, Path], ...]


def build_pack(
    source: Path,
    repository: Path,
    key: PublisherKey,
    watch: Watch = UNWATCHED,
    cache: Optional[Path] = None,
) -> Manifest:
    """Build, sign and publish a source folder; returns the manifest that the repository now holds.

    ``cache`` is a folder for hashes of media, which make the next time faster. Raises SourceError
    and PathError for what is wrong in the source, VersionError when the version is taken by other
    content or went backwards, UntrustedKeyError in another publisher's folder, BusyError, and
    CancelledError when ``watch`` says so: then the repository is the old one.
    """
    content = read_source(source, sealing_secret(key))
    target = Repository(repository)
    _known_catalogue(target, key)
    with locked(repository / LOCK):
        try:
            return _build(content, target, key, watch, HashCache(cache, source))
        finally:
            target.clear_staging()


def _build(
    source: Source,
    target: Repository,
    key: PublisherKey,
    watch: Watch,
    hashes: HashCache,
) -> Manifest:
    trusted = {key.public.key_id: key.public.raw}
    known = _known_catalogue(target, key)
    frames = _known_frames(target, known.entry(source.table.id), trusted)
    plan = plan_pack(source, key.public.key_id, hashes, frames, watch)
    published = _published(target, known, plan.manifest, trusted)
    if published:
        plan = replace(plan, manifest=published)
    _write_objects(target, plan, watch)
    version = store_small_files(target, plan.manifest, source.core, watch)
    if not published:
        _publish(target, known, version, key, watch)
    return plan.manifest


def _known_frames(
    repository: Repository, entry: Optional[CatalogueEntry], trusted: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """What of the last version's core need not be packed again."""
    if entry is None:
        return {}
    try:
        manifest = repository.manifest(entry.pack, entry.version, trusted)
        packed = repository.read_object(manifest.core.object, manifest.core.size_bytes)
        return frames_of(packed, manifest.core, read_listing(repository, manifest) or ())
    except ContentError:
        return {}


def plan_pack(
    source: Source,
    publisher: str,
    hashes: HashCache,
    frames: Mapping[str, bytes] = MappingProxyType({}),
    watch: Watch = UNWATCHED,
) -> Plan:
    """What the version will hold: hashes all media and compresses the core.

    ``frames`` are those of an older core, to be used again where their files are the same. The
    repository is left as it is; the hashes are kept for the next time.
    """
    core = pack_core(source.core, frames, watch)
    try:
        media = tuple((_media_entry(one, hashes, watch), one.origin) for one in source.media)
    finally:
        hashes.save()
    table = source.table
    manifest = Manifest(
        pack=table.id,
        version=table.version,
        publisher=publisher,
        title=table.title,
        languages=table.languages,
        core=core_entry(source.core, core),
        media=tuple(entry for entry, _ in media),
        subject=table.subject,
        grade=table.grade,
        licence=table.licence,
    )
    return Plan(manifest, core, media)


def _media_entry(source: SourceMedia, hashes: HashCache, watch: Watch) -> MediaEntry:
    with storage_errors(source.origin):
        step = watch.step(f"reading {source.path}", source.origin.stat().st_size)
        sha256, size_bytes, pieces = hashes.hash_file(source.origin, step.add)
    return MediaEntry(
        path=source.path,
        sha256=sha256,
        size_bytes=size_bytes,
        kind=source.kind,
        piece_sha256=pieces if len(pieces) > 1 else (),
        duration_s=source.duration_s,
    )


def _known_catalogue(repository: Repository, key: PublisherKey) -> Catalogue:
    public = key.public
    if not repository.exists():
        return Catalogue(public.key_id, 0)
    try:
        return repository.catalogue({public.key_id: public.raw})
    except (UntrustedKeyError, MismatchError):
        raise UntrustedKeyError(
            f"{repository.folder} belongs to another publisher's key; choose another folder."
        ) from None


def _published(
    repository: Repository, known: Catalogue, wanted: Manifest, trusted: Mapping[str, bytes]
) -> Optional[Manifest]:
    """The manifest of this very version if it has been published with the same content."""
    entry = known.entry(wanted.pack)
    if entry is None or entry.version < wanted.version:
        return None
    if entry.version > wanted.version:
        raise VersionError(
            f"{wanted.pack} is at version {entry.version} already; set version = "
            f"{entry.version + 1} in pack.toml."
        )
    manifest = repository.manifest(entry.pack, entry.version, trusted)
    # Another zstd may pack the same files into other bytes: the files decide.
    packed = replace(wanted.core, object=manifest.core.object, size_bytes=manifest.core.size_bytes)
    if replace(wanted, core=packed, extra=manifest.extra) != manifest:
        raise VersionError(
            f"{wanted.pack} version {wanted.version} is published with other content; set "
            f"version = {wanted.version + 1} in pack.toml."
        )
    return manifest


def _write_objects(repository: Repository, plan: Plan, watch: Watch) -> None:
    core = plan.manifest.core
    if not repository.has_object(core.object, core.size_bytes):
        if hashlib.sha256(plan.core).hexdigest() != core.object:
            raise MissingError(
                f"{repository.object_path(core.object)} is missing and cannot be made again; "
                f"set version = {plan.manifest.version + 1} in pack.toml."
            )
        repository.write_object(core.object, [plan.core])
    missing = {
        entry.sha256: (entry.size_bytes, origin)
        for entry, origin in plan.media
        if not repository.has_object(entry.sha256, entry.size_bytes)
    }
    step = watch.step("storing media", sum(size_bytes for size_bytes, _ in missing.values()))
    for sha256, (_, origin) in missing.items():
        repository.copy_object(sha256, origin, step.add)


def _publish(
    repository: Repository,
    known: Catalogue,
    version: Version,
    key: PublisherKey,
    watch: Watch,
) -> None:
    manifest = version.manifest
    payload = manifest.to_bytes()
    # What a reader would refuse must not be published.
    manifests.parse_manifest(payload, f"The manifest of {manifest.pack}")
    signed = envelope.sign(payload, manifests.PAYLOAD_TYPE, [key])
    repository.write_manifest(manifest.pack, manifest.version, signed)
    trusted = {key.public.key_id: key.public.raw}
    patches, steps = PatchSet(repository, version, signed, trusted, watch).make()
    entry = CatalogueEntry(
        pack=manifest.pack,
        version=manifest.version,
        manifest_sha256=hashlib.sha256(signed).hexdigest(),
        manifest_size_bytes=len(signed),
        title=manifest.title,
        core_size_bytes=manifest.core.size_bytes,
        patches=patches,
        steps=steps,
    )
    repository.write_publisher(key.public)
    listing = known.with_entry(entry).to_bytes()
    repository.write_catalogue(envelope.sign(listing, catalogues.PAYLOAD_TYPE, [key]))
