"""Whether the patches in a repository do what they promise: each is applied, in memory."""

from __future__ import annotations

import hashlib
from typing import Dict, Mapping, Set, Tuple

from content.errors import CancelledError, ContentError, DamagedError
from content.manifest import Manifest, MediaEntry, hashes_fit
from content.patches.maker import Version
from content.patches.patch import MediaPatch, Patch, StoredObject, parse_patch
from content.patches.patched_media import check_media_patch
from content.patches.reader import PatchReader
from content.reader import read_manifest
from content.repositories.repository import Repository
from content.repositories.versions import read_listing, version_of
from content.watch import UNWATCHED, Watch


class ElsewhereError(ContentError):
    """A patch cannot be checked since other files are wrong: one of ``paths`` in the repository."""

    code = "other-file-wrong"

    def __init__(self, sentence: str, *paths: str) -> None:
        super().__init__(sentence)
        self.paths = paths


class PatchCheck:
    """Checks patches of one repository; what several of them share is looked at once."""

    def __init__(
        self, repository: Repository, trusted: Mapping[str, bytes], watch: Watch = UNWATCHED
    ) -> None:
        self._repository = repository
        self._watch = watch
        self._trusted = trusted
        self._media_seen: Set[Tuple[str, str, Tuple[StoredObject, ...]]] = set()
        self._versions: Dict[Tuple[str, int], Version] = {}

    def check(self, pack: str, old: int, new: int) -> Patch:
        """Raises a ContentError that names the patch, ElsewhereError or CancelledError."""
        place = str(self._repository.patch_path(pack, old, new))
        try:
            return self._check(pack, old, new, place)
        except (CancelledError, ElsewhereError):
            raise
        except ContentError as problem:
            raise type(problem)(f"{place} cannot be used: {problem}") from problem

    def _check(self, pack: str, old: int, new: int, place: str) -> Patch:
        data = self._repository.patch_bytes(pack, old, new)
        before, after = self._version(pack, old), self._version(pack, new)
        reader = PatchReader(
            data,
            before.manifest,
            lambda at: _read(before, at),
            lambda envelope: read_manifest(envelope, self._trusted),
        )
        if reader.manifest != after.manifest:
            raise DamagedError("It leads to another manifest.")
        hashes = [b""] * len(after.hashes)
        for at, content in reader.files():
            if isinstance(content, int):
                hashes[at] = before.hashes[content]
            else:
                hashes[at] = hashlib.sha256(content).digest()
        if not hashes_fit(after.manifest, tuple(hashes)):
            raise DamagedError("It makes other files than were signed.")
        patch = parse_patch(data, place)
        self._check_media(patch, before.manifest, after.manifest)
        return patch

    def _version(self, pack: str, version: int) -> Version:
        if (pack, version) not in self._versions:
            try:
                manifest = self._repository.manifest(pack, version, self._trusted)
            except ContentError as problem:
                raise ElsewhereError(str(problem), f"manifests/{pack}/{version}") from problem
            hashes = read_listing(self._repository, manifest)
            if hashes is None:
                path = self._repository.listing_path(pack, version)
                name = f"listings/{pack}/{version}"
                raise ElsewhereError(f"{path} is missing or damaged; publish again.", name)
            self._versions[pack, version] = version_of(self._repository, manifest, hashes)
        return self._versions[pack, version]

    def _check_media(self, patch: Patch, old: Manifest, new: Manifest) -> None:
        for one in patch.media:
            source, wanted = old.media[one.old], new.media[one.new]
            key = (source.sha256, wanted.sha256, one.objects)
            if key not in self._media_seen:
                self._check_one(one, source, wanted)
                self._media_seen.add(key)

    def _check_one(self, one: MediaPatch, source: MediaEntry, wanted: MediaEntry) -> None:
        for sha256, size_bytes in one.objects:
            if not self._repository.has_object(sha256, size_bytes):
                path = self._repository.object_path(sha256)
                sentence = f"{path} is missing; delete the pack's patches and publish again."
                raise ElsewhereError(sentence, _name(sha256))
        packed = [self._repository.object_path(stored.sha256) for stored in one.objects]
        origin = self._repository.object_path(source.sha256)
        if not origin.exists():
            # A copy of a repository has media of the newest versions only.
            return
        try:
            check_media_patch(packed, origin, wanted, self._watch)
        except CancelledError:
            raise
        except ContentError as problem:
            names = [_name(sha256) for sha256 in (*(path.name for path in packed), source.sha256)]
            raise ElsewhereError(str(problem), *names) from problem


def _read(version: Version, place: int) -> bytes:
    try:
        return version.read(place)
    except ContentError as problem:
        raise ElsewhereError(str(problem), _name(version.hashes[place].hex())) from problem


def _name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"
