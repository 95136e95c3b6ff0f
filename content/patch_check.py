"""Whether the patches in a repository do what they promise: each is applied, in memory."""

from __future__ import annotations

import hashlib
from typing import Dict, Mapping, Set, Tuple

from content.errors import ContentError, DamagedError
from content.manifest import Manifest, hashes_fit
from content.media_patch import check_media_patch
from content.patch import Patch, parse_patch
from content.patch_maker import Version
from content.patch_reader import PatchReader
from content.reader import read_manifest
from content.repository import Repository
from content.versions import read_listing, version_of


class ElsewhereError(ContentError):
    """A patch cannot be checked since other files are wrong: one of ``paths`` in the repository."""

    code = "other-file-wrong"

    def __init__(self, sentence: str, *paths: str) -> None:
        super().__init__(sentence)
        self.paths = paths


class PatchCheck:
    """Checks patches of one repository; what several of them share is looked at once."""

    def __init__(self, repository: Repository, trusted: Mapping[str, bytes]) -> None:
        self._repository = repository
        self._trusted = trusted
        self._media_seen: Set[Tuple[str, str, str]] = set()
        self._versions: Dict[Tuple[str, int], Version] = {}

    def check(self, pack: str, old: int, new: int) -> Patch:
        """Raises a ContentError that names the patch, or ElsewhereError."""
        place = str(self._repository.patch_path(pack, old, new))
        try:
            return self._check(pack, old, new, place)
        except ElsewhereError:
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
            key = (source.sha256, wanted.sha256, one.sha256)
            if key in self._media_seen:
                continue
            if not self._repository.has_object(one.sha256, one.size_bytes):
                path = self._repository.object_path(one.sha256)
                sentence = f"{path} is missing; delete the patches of {new.pack} and publish again."
                raise ElsewhereError(sentence, _name(one.sha256))
            packed = self._repository.object_path(one.sha256)
            origin = self._repository.object_path(source.sha256)
            if not origin.exists():
                # A copy of a repository has media of the newest versions only.
                continue
            try:
                check_media_patch(packed, origin, wanted)
            except ContentError as problem:
                names = (_name(one.sha256), _name(source.sha256))
                raise ElsewhereError(str(problem), *names) from problem
            self._media_seen.add(key)


def _read(version: Version, place: int) -> bytes:
    try:
        return version.read(place)
    except ContentError as problem:
        raise ElsewhereError(str(problem), _name(version.hashes[place].hex())) from problem


def _name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"
