"""The media that lie in the repositories here, and which lessons show them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

from content.errors import ContentError
from content.manifest import PAYLOAD_TYPE, Manifest, parse_manifest
from content.repositories.repository import Repository
from content.trust.envelope import unverified_payload
from sync.journals.needs import LessonKey, lesson_of
from sync_server.disk.clearing import Holding


@dataclass
class _Found:
    size_bytes: int
    came_s: float = 0.0
    lessons: Set[LessonKey] = field(default_factory=set)
    superseded: bool = True


def holdings(repositories: Path) -> List[Holding]:
    """Return all media that are here. What lies in repositories was verified when it came."""
    found: List[Holding] = []
    for folder in sorted(path for path in repositories.glob("*") if path.is_dir()):
        repository = Repository(folder)
        with contextlib.suppress(ContentError, OSError):
            found += _of(repository)
    return found


def _of(repository: Repository) -> Iterator[Holding]:
    catalogue = repository.catalogue(repository.trusted_keys())
    listed = {entry.pack: entry.version for entry in catalogue.packs}
    media: Dict[str, _Found] = {}
    for pack, version in repository.versions():
        # A version that is on its way, before its catalogue, counts as a newest one.
        newest = version >= listed.get(pack, 0)
        with contextlib.suppress(ContentError, OSError):
            came_s = repository.manifest_path(pack, version).stat().st_mtime
            _add(media, _manifest(repository, pack, version), came_s, newest=newest)
    for sha256, one in media.items():
        if repository.has_object(sha256, one.size_bytes):
            place = repository.object_path(sha256)
            lessons: Tuple[LessonKey, ...] = tuple(sorted(one.lessons))
            yield Holding(place, one.size_bytes, one.came_s, lessons, one.superseded)


def _add(media: Dict[str, _Found], manifest: Manifest, came_s: float, *, newest: bool) -> None:
    for entry in manifest.media:
        one = media.setdefault(entry.sha256, _Found(entry.size_bytes))
        if newest or one.superseded:
            one.came_s = max(one.came_s, came_s)
        if newest:
            one.superseded = False
            one.lessons.add(lesson_of(manifest.pack, entry.path))


def _manifest(repository: Repository, pack: str, version: int) -> Manifest:
    envelope = repository.manifest_bytes(pack, version)
    return parse_manifest(unverified_payload(envelope, PAYLOAD_TYPE))
