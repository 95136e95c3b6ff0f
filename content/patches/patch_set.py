"""Which patches a version gets, and making them: straight from the last versions, by steps before.

A patch that would not save bytes against fetching the core anew is neither kept nor listed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Tuple

from content.catalogue import ListedPatch
from content.errors import CancelledError, ContentError
from content.manifest import Manifest, MediaEntry
from content.patches.maker import Version, make_patch
from content.patches.media_maker import make_media_patch
from content.patches.patch import MediaPatch, StoredObject, parse_patch
from content.repositories.repository import Repository
from content.repositories.versions import stored_version
from content.storage import sha256_of_file
from content.watch import UNWATCHED, Watch

DIRECT = 30
SMALL_PATCH_BYTES = 64 * 1024
"""Larger patches are fetched in ranges, by their hash."""
MAX_STEPS = 98
"""Who is further behind fetches the pack anew: each step costs every reader bytes in the list."""

Made = Tuple[StoredObject, ...]
"""The objects of a media patch; none when it would save little."""


class PatchSet:
    """The patches that lead to one version, which is stored in ``repository`` already."""

    def __init__(
        self,
        repository: Repository,
        new: Version,
        envelope: bytes,
        trusted: Mapping[str, bytes],
        watch: Watch = UNWATCHED,
    ) -> None:
        self._repository = repository
        self._new = new
        self._envelope = envelope
        self._trusted = trusted
        self._watch = watch
        self._media: Dict[Tuple[str, str], Made] = {}

    def make(self) -> Tuple[Tuple[ListedPatch, ...], Tuple[ListedPatch, ...]]:
        """Make and store what is missing; returns what a catalogue lists: patches, and steps."""
        older = list(self._older())
        direct = older[:DIRECT]
        self._learn_media(older)
        # One after another: two could need the same media patch.
        media = {one.version: self._media_patches(one) for one in direct}
        core_bytes = self._new.manifest.core.unpacked_bytes
        step = self._watch.step("making patches", core_bytes * len(direct))

        def size_bytes(old: Manifest) -> int:
            self._watch.check()
            size = self._one(old, media[old.version])
            step.add(core_bytes)
            return size

        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            sizes = list(threads.map(size_bytes, direct))
        patches = tuple(
            self._listed(one.version, self._new.manifest.version)
            for one, size in zip(direct, sizes)
            if size
        )
        return patches, tuple(self._steps(older, patches))

    def _listed(self, old: int, new: int) -> ListedPatch:
        data = self._repository.patch_bytes(self._new.manifest.pack, old, new)
        sha256 = hashlib.sha256(data).hexdigest() if len(data) > SMALL_PATCH_BYTES else ""
        if sha256 and not self._repository.has_object(sha256, len(data)):
            self._repository.write_object(sha256, [data])
        return ListedPatch(old, len(data), sha256)

    def _older(self) -> Iterable[Manifest]:
        """Manifests of earlier versions, the newest first; damaged ones are passed over."""
        new = self._new.manifest
        numbers = [version for pack, version in self._repository.versions() if pack == new.pack]
        for version in reversed(numbers):
            if version < new.version:
                with contextlib.suppress(ContentError):
                    yield self._repository.manifest(new.pack, version, self._trusted)

    def _one(self, old: Manifest, media: Tuple[MediaPatch, ...]) -> int:
        """The size of the patch from ``old``, made if it is not there; 0 if there is to be none."""
        new = self._new.manifest
        try:
            before = stored_version(self._repository, old)
            data = make_patch(before, self._new, self._envelope, media, self._watch)
        except CancelledError:
            raise
        except ContentError:
            return 0
        saved = sum(new.media[one.new].size_bytes - one.size_bytes for one in media)
        if len(data) >= new.core.size_bytes + len(self._envelope) + saved:
            return 0
        self._repository.write_patch(new.pack, old.version, new.version, data)
        return len(data)

    def _steps(
        self, older: List[Manifest], patches: Tuple[ListedPatch, ...]
    ) -> Iterable[ListedPatch]:
        if not patches:
            return
        new = self._new.manifest
        after, left_bytes = patches[-1].version, new.core.size_bytes
        further = [one.version for one in older if one.version < after]
        for version in further[:MAX_STEPS]:
            size_bytes = self._repository.patch_size(new.pack, version, after)
            left_bytes -= size_bytes
            if not size_bytes or left_bytes <= 0:
                return
            yield self._listed(version, after)
            after = version

    def _learn_media(self, older: List[Manifest]) -> None:
        """Note which media patches earlier patches made already."""
        known = {one.version: one for one in [*older, self._new.manifest]}
        for pack, start, end in self._repository.patches():
            if pack != self._new.manifest.pack or start not in known or end not in known:
                continue
            with contextlib.suppress(ContentError, IndexError):
                patch = parse_patch(self._repository.patch_bytes(pack, start, end), "A patch")
                for one in patch.media:
                    old, new = known[start].media[one.old], known[end].media[one.new]
                    if all(self._repository.has_object(*stored) for stored in one.objects):
                        self._media[old.sha256, new.sha256] = one.objects

    def _media_patches(self, old: Manifest) -> Tuple[MediaPatch, ...]:
        here = {entry.sha256 for entry in old.media}
        found = []
        for place, entry in enumerate(self._new.manifest.media):
            if entry.sha256 in here:
                continue
            for origin in _candidates(old, self._new.manifest, entry):
                made = self._media_patch(old.media[origin], entry)
                if made:
                    found.append(MediaPatch(place, origin, made))
                    break
        return tuple(found)

    def _media_patch(self, old: MediaEntry, new: MediaEntry) -> Made:
        pair = (old.sha256, new.sha256)
        if pair not in self._media:
            try:
                self._media[pair] = self._make_media_patch(old, new)
            except CancelledError:
                raise
            except ContentError:
                self._media[pair] = ()
        return self._media[pair]

    def _make_media_patch(self, old: MediaEntry, new: MediaEntry) -> Made:
        origin = self._repository.object_path(old.sha256)
        target = self._repository.object_path(new.sha256)
        if not (origin.is_file() and target.is_file()):
            return ()
        draft = self._repository.staging_path(f"media-{old.sha256[:16]}-{new.sha256[:16]}")
        made = make_media_patch(origin, target, draft, self._watch, new.path)
        return tuple(self._stored(file) for file in made)

    def _stored(self, draft: Path) -> StoredObject:
        sha256, size_bytes = sha256_of_file(draft), draft.stat().st_size
        if not self._repository.has_object(sha256, size_bytes):
            self._repository.copy_object(sha256, draft)
        draft.unlink()
        return StoredObject(sha256, size_bytes)


def _candidates(old: Manifest, new: Manifest, entry: MediaEntry) -> List[int]:
    """Old media that ``entry`` may have been made from: its namesake, else what went away."""
    same = [place for place, one in enumerate(old.media) if one.path == entry.path]
    kept = {one.path for one in new.media} | {one.sha256 for one in new.media}
    gone = [
        place
        for place, one in enumerate(old.media)
        if one.kind == entry.kind and one.path not in kept and one.sha256 not in kept
    ]
    return same or gone[:4]
