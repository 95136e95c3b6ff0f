"""Verifying a whole repository: every byte against what the publisher signed."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Set, Tuple, Union

from content.catalogue import CatalogueEntry, ListedPatch, listed_patches
from content.core import iterate_core
from content.errors import CancelledError, ContentError, DamagedError, MissingError
from content.manifest import CoreEntry, CoreFile, Manifest, MediaEntry
from content.patches.check import ElsewhereError, PatchCheck
from content.reader import read_listed_manifest
from content.repositories.repository import CATALOGUE, PUBLISHER, Repository
from content.repositories.versions import read_listing
from content.storage import Count, hash_file, read_bounded, sha256_of_file
from content.watch import UNWATCHED, Watch

Listed = Union[CoreEntry, MediaEntry, CoreFile]


@dataclass(frozen=True)
class Problem:
    """One file that is not as it should be; ``path`` is relative to the repository."""

    path: str
    code: str
    text: str


def verify_repository(
    repository: Repository,
    trusted: Optional[Mapping[str, bytes]] = None,
    watch: Watch = UNWATCHED,
) -> Tuple[Problem, ...]:
    """Every problem, file by file; one bad file hides no other.

    Without ``trusted`` the repository's own publisher key is taken: that finds damage, not forgery.
    Raises CancelledError when ``watch`` says so.
    """
    survey = _Survey(repository, watch)
    keys = survey.publisher()
    survey.check_manifests(keys if trusted is None else trusted)
    survey.check_objects()
    survey.check_patches(keys if trusted is None else trusted)
    return tuple(survey.problems)


class _Survey:
    def __init__(self, repository: Repository, watch: Watch) -> None:
        self.repository = repository
        self.watch = watch
        self.problems: List[Problem] = []
        self.listed: Dict[str, List[Listed]] = {}
        self.entries: Dict[Tuple[str, int], CatalogueEntry] = {}
        self.patched: Set[Tuple[str, int]] = set()

    def publisher(self) -> Mapping[str, bytes]:
        try:
            return self.repository.trusted_keys()
        except ContentError as problem:
            self.note(PUBLISHER, problem)
            return {}

    def note(self, path: str, problem: ContentError) -> None:
        # A name that is no UTF-8 could not be printed.
        shown = [one.encode("utf-8", "backslashreplace").decode() for one in (path, str(problem))]
        self.problems.append(Problem(shown[0], problem.code, shown[1]))

    def check_manifests(self, trusted: Mapping[str, bytes]) -> None:
        try:
            packs = self.repository.catalogue(trusted).packs
            self.entries = {(entry.pack, entry.version): entry for entry in packs}
            self.patched = {
                (entry.pack, version)
                for entry in packs
                for patch, new in listed_patches(entry)
                for version in (patch.version, new)
            }
        except ContentError as problem:
            self.note(CATALOGUE, problem)
        for pack, version in sorted({*self.repository.versions(), *self.entries}):
            entry = self.entries.get((pack, version))
            try:
                self.check_manifest(pack, version, entry, trusted)
            except ContentError as problem:
                self.note(f"manifests/{pack}/{version}", problem)

    def check_manifest(
        self,
        pack: str,
        version: int,
        entry: Optional[CatalogueEntry],
        trusted: Mapping[str, bytes],
    ) -> None:
        manifest = self.repository.manifest(pack, version, trusted)
        if entry:
            place = str(self.repository.manifest_path(pack, version))
            data = self.repository.manifest_bytes(pack, version)
            read_listed_manifest(data, entry, trusted, place)
        has_listing = self.check_listing(manifest, (pack, version) in self.patched)
        # Nobody installs an older version any more: its small files are enough.
        core = self.repository.object_path(manifest.core.object)
        if entry or not has_listing or core.exists():
            self.listed.setdefault(manifest.core.object, []).append(manifest.core)
        for media in manifest.media:
            if not entry and not self.repository.object_path(media.sha256).exists():
                continue
            self.listed.setdefault(media.sha256, []).append(media)

    def check_listing(self, manifest: Manifest, required: bool) -> bool:
        """Note the small files of a version, and whether its listing is there and right."""
        name = f"listings/{manifest.pack}/{manifest.version}"
        path = self.repository.listing_path(manifest.pack, manifest.version)
        hashes = read_listing(self.repository, manifest)
        if hashes is None:
            if path.exists():
                self.note(name, DamagedError(f"{path} is damaged; delete it and publish again."))
            elif required:
                self.note(name, MissingError(f"{path} is missing; publish the pack again."))
            return False
        for file, sha256 in zip(manifest.core.files, hashes):
            self.listed.setdefault(sha256.hex(), []).append(file)
        return True

    def check_patches(self, trusted: Mapping[str, bytes]) -> None:
        wanted = {
            (entry.pack, patch.version, new): patch
            for entry in self.entries.values()
            for patch, new in listed_patches(entry)
        }
        patches = sorted({*self.repository.patches(), *wanted})
        sizes = [self.repository.patch_size(*patch) for patch in patches]
        step = self.watch.step("verifying patches", sum(sizes))
        check = PatchCheck(self.repository, trusted, self.watch)
        for (pack, old, new), size_bytes in zip(patches, sizes):
            step.add(size_bytes)
            try:
                check.check(pack, old, new)
                self.check_listed(pack, old, new, wanted.get((pack, old, new)))
            except CancelledError:
                raise
            except ElsewhereError as problem:
                if not {one.path for one in self.problems}.intersection(problem.paths):
                    self.note(problem.paths[0], problem)
            except ContentError as problem:
                self.note(f"patches/{pack}/{old}-{new}", problem)

    def check_listed(self, pack: str, old: int, new: int, listed: Optional[ListedPatch]) -> None:
        if listed is None:
            return
        path = self.repository.patch_path(pack, old, new)
        if path.stat().st_size != listed.size_bytes:
            raise DamagedError(f"{path} has another size than the catalogue says.")
        if listed.sha256 and not self.repository.has_object(listed.sha256, listed.size_bytes):
            place = self.repository.object_path(listed.sha256)
            name = f"objects/{listed.sha256[:2]}/{listed.sha256}"
            raise ElsewhereError(f"{place} is missing; publish the pack again.", name)

    def check_objects(self) -> None:
        present = self.repository.object_names()
        wanted = sorted({*present, *self.listed})
        step = self.watch.step("verifying objects", sum(map(self.object_bytes, wanted)))
        for sha256 in wanted:
            try:
                self.check_object(sha256, step.add)
            except CancelledError:
                raise
            except ContentError as problem:
                self.note(f"objects/{sha256[:2]}/{sha256}", problem)

    def object_bytes(self, sha256: str) -> int:
        with contextlib.suppress(OSError, ContentError):
            return self.repository.object_path(sha256).stat().st_size
        return 0

    def check_object(self, sha256: str, count: Count) -> None:
        path = self.repository.object_path(sha256)
        if not path.is_file():
            raise MissingError(f"{path} is missing; build the pack again.")
        listed = self.listed.get(sha256, ())
        found, size_bytes, pieces = _hash(path, listed, count)
        if found != sha256:
            raise DamagedError(f"{path} is damaged; delete it and build the pack again.")
        for entry in listed:
            if entry.size_bytes != size_bytes:
                raise DamagedError(f"{path} has another size than its manifest says.")
            if isinstance(entry, CoreEntry):
                for _ in iterate_core(read_bounded(path, size_bytes), entry, str(path)):
                    pass
            elif isinstance(entry, MediaEntry) and len(pieces) > 1 and entry.piece_sha256 != pieces:
                raise DamagedError(f"{path} has other pieces than its manifest says.")


def _hash(path: Path, listed: Sequence[Listed], count: Count) -> Tuple[str, int, Tuple[bytes, ...]]:
    """Hash a file, and its pieces only where somebody needs them."""
    if any(isinstance(entry, MediaEntry) and entry.piece_sha256 for entry in listed):
        return hash_file(path, count)
    return sha256_of_file(path, count), path.stat().st_size, ()
