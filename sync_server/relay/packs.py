"""One publisher's packs on their way from an upstream: by patches where a version is here."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Protocol, Tuple

from content.catalogue import CatalogueEntry, ListedPatch, route
from content.core import pack_core
from content.errors import ContentError, MismatchError, MissingError
from content.manifest import Manifest, MediaEntry
from content.patches.media_patch import count_parts
from content.patches.patch import MediaPatch, StoredObject, parse_patch
from content.patches.patched_media import PatchedMedia
from content.patches.reader import PatchReader
from content.reader import read_manifest
from content.repositories.repository import Repository
from content.repositories.versions import stored_version
from sync.errors import ObjectError
from sync.objects import ObjectSpec

Open = Callable[[bytes, CatalogueEntry], Manifest]
MAX_PATCHED_BYTES = 128 << 20
"""Texts and tasks of a version that are put together in memory."""


class ObjectRoad(Protocol):
    """A road that brings files and objects."""

    def fetch(self, path: str, max_bytes: int) -> bytes:
        """See :class:`sync.roads.http.HttpRoad`."""

    def download(
        self, spec: ObjectSpec, part_path: Path, final_path: Path, *, repository: str
    ) -> None:
        """See :class:`sync.roads.http.HttpRoad`."""


class Brought(NamedTuple):
    """What became of a pack: whether it came, by patches, and its media: missing, and here."""

    came: bool
    patched: bool
    media: Tuple[MediaEntry, ...]
    here: Tuple[MediaEntry, ...]


class _Origin(NamedTuple):
    """An old media file that is here, and the objects that make the new one of it."""

    old_sha256: str
    objects: Tuple[StoredObject, ...]


class PackMirror:
    """Brings a publisher's packs into its repository here."""

    def __init__(
        self,
        target: Repository,
        publisher: str,
        road: ObjectRoad,
        open_manifest: Open,
        keys: Mapping[str, bytes],
    ) -> None:
        self._target = target
        self._place = f"/repository/{publisher}"
        self._road = road
        self._open = open_manifest
        self._keys = keys
        self._origins: Dict[str, _Origin] = {}
        self._fetched: Dict[Tuple[str, int, int], bytes] = {}

    def bring(self, entry: CatalogueEntry) -> Brought:
        """Bring a pack's texts and tasks, and the patches that laptops here need for it.

        Raises:
            ContentError: something is not what the catalogue lists.
            SyncError: the road failed.
        """
        held = self._held(entry)
        if held is not None:
            return Brought(False, False, *self._media(held))
        older = sorted(
            version
            for pack, version in self._target.versions()
            if pack == entry.pack and version < entry.version
        )
        manifest = self._patched(entry, older[-1]) if older else None
        patched = manifest is not None
        if manifest is None:
            manifest = self._whole(entry)
        for version in older:
            self._keep_patches(entry, version)
        self._fetched.clear()
        return Brought(True, patched, *self._media(manifest))

    def bring_media(self, entry: MediaEntry) -> None:
        """Bring one media file: made from the one before it, or fetched.

        Raises:
            ContentError, SyncError: as ``bring`` does.
        """
        origin = self._origins.get(entry.sha256)
        if origin is None or not self._made(entry, origin):
            self._download(ObjectSpec(entry.sha256, entry.size_bytes, entry.piece_sha256))

    def _held(self, entry: CatalogueEntry) -> Optional[Manifest]:
        try:
            data = self._target.manifest_bytes(entry.pack, entry.version)
            manifest = self._open(data, entry)
        except ContentError:
            return None
        core = manifest.core
        return manifest if self._target.has_object(core.object, core.size_bytes) else None

    def _media(self, manifest: Manifest) -> Tuple[Tuple[MediaEntry, ...], Tuple[MediaEntry, ...]]:
        """Return a version's media that are missing, and those that are here."""
        found: Tuple[List[MediaEntry], List[MediaEntry]] = ([], [])
        for one in manifest.media:
            found[self._target.has_object(one.sha256, one.size_bytes)].append(one)
        return tuple(found[0]), tuple(found[1])

    def _whole(self, entry: CatalogueEntry) -> Manifest:
        path = f"{self._place}/manifests/{entry.pack}/{entry.version}"
        data = self._fetch(path, entry.manifest_size_bytes)
        manifest = self._open(data, entry)
        self._download(ObjectSpec(manifest.core.object, manifest.core.size_bytes))
        stored_version(self._target, manifest)
        self._target.write_manifest(entry.pack, entry.version, data)
        return manifest

    def _patched(self, entry: CatalogueEntry, start: int) -> Optional[Manifest]:
        """Put the newest version together from an older one; None where that cannot be."""
        hops = route(entry, start)
        if not hops:
            return None
        try:
            return self._along(entry, start, hops)
        except (ContentError, ObjectError):
            # The patch or what it starts from is no use: the whole version is still to be had.
            return None

    def _along(
        self, entry: CatalogueEntry, start: int, hops: Tuple[Tuple[ListedPatch, int], ...]
    ) -> Optional[Manifest]:
        old = self._target.manifest(entry.pack, start, self._keys)
        version = stored_version(self._target, old)
        files = {file.path: version.read(at) for at, file in enumerate(old.core.files)}
        media: Dict[str, _Origin] = {}
        reader: Optional[PatchReader] = None
        for patch, new in hops:
            data = self._patch(entry.pack, patch, new)
            content = [files[file.path] for file in old.core.files]
            reader = PatchReader(data, old, content.__getitem__, partial(self._opened, entry, new))
            if reader.manifest.core.unpacked_bytes > MAX_PATCHED_BYTES:
                return None
            files = _new_files(reader, content)
            _follow_media(media, reader.media, old, reader.manifest)
            old = reader.manifest
        core = pack_core(files)
        if reader is None or hashlib.sha256(core).hexdigest() != old.core.object:
            # Packed by another zstd: the same files, but not the object that laptops ask for.
            return None
        self._target.write_object(old.core.object, [core])
        stored_version(self._target, old)
        self._target.write_manifest(old.pack, old.version, reader.envelope)
        self._origins.update(media)
        return old

    def _opened(self, entry: CatalogueEntry, version: int, envelope: bytes) -> Manifest:
        if version == entry.version:
            return self._open(envelope, entry)
        manifest = read_manifest(envelope, self._keys)
        if (manifest.pack, manifest.version) != (entry.pack, version):
            raise MismatchError(f"The patch leads to {manifest.pack} version {manifest.version}.")
        return manifest

    def _keep_patches(self, entry: CatalogueEntry, version: int) -> None:
        """Bring what a laptop with an older version needs; without it, it fetches more."""
        try:
            for patch, new in route(entry, version) or ():
                data = self._patch(entry.pack, patch, new)
                for media in parse_patch(data, f"The patch to version {new}").media:
                    for stored in media.objects:
                        self._download(ObjectSpec(*stored))
                self._target.write_patch(entry.pack, patch.version, new, data)
        except (ContentError, ObjectError):
            return

    def _patch(self, pack: str, patch: ListedPatch, new: int) -> bytes:
        path = self._target.patch_path(pack, patch.version, new)
        if path.exists():
            return self._target.patch_bytes(pack, patch.version, new)
        if patch.sha256:
            self._download(ObjectSpec(patch.sha256, patch.size_bytes))
            return self._target.read_object(patch.sha256, patch.size_bytes)
        name = (pack, patch.version, new)
        if name not in self._fetched:
            place = f"{self._place}/patches/{pack}/{patch.version}-{new}"
            self._fetched[name] = self._fetch(place, patch.size_bytes)
        return self._fetched[name]

    def _made(self, entry: MediaEntry, origin: _Origin) -> bool:
        """Make a media file by its patch; what was verified of it stays for the download."""
        old, new = self._target.object_path(origin.old_sha256), entry.sha256
        part = self._target.staging_path(f"{new}.part")
        try:
            with PatchedMedia(entry, old, part) as made:
                for number, stored in enumerate(origin.objects):
                    if not made.has(number, len(origin.objects)):
                        self._download(ObjectSpec(*stored))
                        made.apply(self._target.object_path(stored.sha256), number)
                made.finish()
            self._target.copy_object(new, part)
            part.unlink()
        except (ContentError, ObjectError):
            return False
        return True

    def _download(self, spec: ObjectSpec) -> None:
        if self._target.has_object(spec.sha256, spec.size_bytes):
            return
        final = self._target.object_path(spec.sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        part = self._target.staging_path(f"{spec.sha256}.part")
        self._road.download(spec, part, final, repository=self._place)

    def _fetch(self, path: str, limit_bytes: int) -> bytes:
        try:
            return self._road.fetch(path, limit_bytes)
        except ObjectError as error:
            raise MissingError(f"{path}: {error}") from error


def _new_files(reader: PatchReader, old: List[bytes]) -> Dict[str, bytes]:
    rows = reader.manifest.core.files
    return {
        rows[place].path: content if isinstance(content, bytes) else old[content]
        for place, content in reader.files()
    }


def _follow_media(
    origins: Dict[str, _Origin], patches: Tuple[MediaPatch, ...], old: Manifest, new: Manifest
) -> None:
    """Note which new media are made of which old ones; one made twice is fetched whole."""
    for one in patches:
        source, result = old.media[one.old], new.media[one.new]
        if source.sha256 not in origins and len(one.objects) in (1, count_parts(result.size_bytes)):
            origins[result.sha256] = _Origin(source.sha256, one.objects)
