"""Verifying a whole repository: every byte against what the publisher signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Tuple, Union

from content.catalogue import CatalogueEntry
from content.core import iterate_core
from content.errors import ContentError, DamagedError, MissingError
from content.manifest import CoreEntry, MediaEntry
from content.reader import read_listed_manifest
from content.repository import CATALOGUE, PUBLISHER, Repository
from content.storage import Progress, hash_file, read_bounded

Listed = Union[CoreEntry, MediaEntry]


@dataclass(frozen=True)
class Problem:
    """One file that is not as it should be; ``path`` is relative to the repository."""

    path: str
    code: str
    text: str


def verify_repository(
    repository: Repository,
    trusted: Optional[Mapping[str, bytes]] = None,
    progress: Optional[Progress] = None,
) -> Tuple[Problem, ...]:
    """Every problem, file by file; one bad file hides no other.

    Without ``trusted`` the repository's own publisher key is taken: that finds damage, not forgery.
    """
    survey = _Survey(repository, progress)
    keys = survey.publisher()
    survey.check_manifests(keys if trusted is None else trusted)
    survey.check_objects()
    return tuple(survey.problems)


class _Survey:
    def __init__(self, repository: Repository, progress: Optional[Progress]) -> None:
        self.repository = repository
        self.progress = progress
        self.problems: List[Problem] = []
        self.listed: Dict[str, List[Listed]] = {}

    def publisher(self) -> Mapping[str, bytes]:
        try:
            return self.repository.trusted_keys()
        except ContentError as problem:
            self.note(PUBLISHER, problem)
            return {}

    def note(self, path: str, problem: ContentError) -> None:
        self.problems.append(Problem(path, problem.code, str(problem)))

    def check_manifests(self, trusted: Mapping[str, bytes]) -> None:
        entries: Dict[Tuple[str, int], CatalogueEntry] = {}
        try:
            packs = self.repository.catalogue(trusted).packs
            entries = {(entry.pack, entry.version): entry for entry in packs}
        except ContentError as problem:
            self.note(CATALOGUE, problem)
        for pack, version in sorted({*self.repository.versions(), *entries}):
            try:
                self.check_manifest(pack, version, entries.get((pack, version)), trusted)
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
        self.listed.setdefault(manifest.core.object, []).append(manifest.core)
        for media in manifest.media:
            self.listed.setdefault(media.sha256, []).append(media)

    def check_objects(self) -> None:
        present = self.repository.object_names()
        wanted = sorted({*present, *self.listed})
        for count, sha256 in enumerate(wanted):
            if self.progress:
                self.progress("objects", count, len(wanted))
            try:
                self.check_object(sha256)
            except ContentError as problem:
                self.note(f"objects/{sha256[:2]}/{sha256}", problem)

    def check_object(self, sha256: str) -> None:
        path = self.repository.object_path(sha256)
        if not path.is_file():
            raise MissingError(f"{path} is missing; build the pack again.")
        found, size_bytes, pieces = hash_file(path)
        if found != sha256:
            raise DamagedError(f"{path} is damaged; delete it and build the pack again.")
        for entry in self.listed.get(sha256, ()):
            if entry.size_bytes != size_bytes:
                raise DamagedError(f"{path} has another size than its manifest says.")
            if isinstance(entry, CoreEntry):
                for _ in iterate_core(read_bounded(path, size_bytes), entry, str(path)):
                    pass
            elif len(pieces) > 1 and entry.piece_sha256 != pieces:
                raise DamagedError(f"{path} has other pieces than its manifest says.")
