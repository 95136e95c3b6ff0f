"""What packs and lessons are called, for people: read from what is published here, and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, Mapping, NamedTuple, Optional, Tuple

from content.errors import ContentError
from content.manifest import PAYLOAD_TYPE, parse_manifest
from content.pack import PACK_FILE
from content.repositories.repository import Repository
from content.repositories.versions import stored_version
from content.trust.envelope import unverified_payload

Title = Mapping[str, str]
"""A text by language; under the empty one, an id where nobody knows more."""


class _Named(NamedTuple):
    title: Title
    lessons: Mapping[str, Title]


class Titles:
    """Titles by pack and lesson; a pack's are read when the first of them is asked for.

    What lies in the repositories was verified before it was put there.
    """

    def __init__(self, repositories: Path) -> None:
        self._repositories = repositories
        self._known: Dict[Tuple[Path, str, int], _Named] = {}

    def of(self, pack: str, lesson: str) -> Tuple[Title, Title]:
        """Return a pack's title and a lesson's; their ids where they cannot be read."""
        try:
            named = self._named(pack)
        except (ContentError, OSError, ValueError, KeyError, TypeError, StopIteration):
            # A damaged repository must not keep the page from being shown.
            named = None
        if named is None:
            return {"": pack}, {"": lesson}
        return named.title, named.lessons.get(lesson, {"": lesson})

    def _named(self, pack: str) -> Optional[_Named]:
        found = [
            (version, folder)
            for folder in sorted(self._repositories.iterdir())
            for name, version in Repository(folder).versions()
            if name == pack
        ]
        if not found:
            return None
        version, folder = max(found)
        place = (folder, pack, version)
        if place not in self._known:
            self._known[place] = _read(Repository(folder), pack, version)
        return self._known[place]


def _read(repository: Repository, pack: str, version: int) -> _Named:
    envelope = repository.manifest_bytes(pack, version)
    manifest = parse_manifest(unverified_payload(envelope, PAYLOAD_TYPE))
    place = next(at for at, file in enumerate(manifest.core.files) if file.path == PACK_FILE)
    value = json.loads(stored_version(repository, manifest).read(place))
    return _Named(value["title"], {one["id"]: one["title"] for one in value["lessons"]})
