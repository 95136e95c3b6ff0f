"""Writing a stick from a repository, as a school's server or an author has it."""

from __future__ import annotations

import hashlib
from typing import Iterable, Mapping, Optional, Tuple

from content.carrying.holder import HeldPatch, blocks_of_file
from content.carrying.plan import Blocks, CarriedFile, Plan
from content.carrying.planning import Source, make_plan
from content.carrying.shelf import EMPTY, Shelf, object_path
from content.errors import MissingError
from content.manifest import Manifest, MediaEntry
from content.patches.patch import parse_patch
from content.repositories.repository import Repository
from content.trust.files import TrustFile


def plan_from_repository(
    repository: Repository,
    trusted: Mapping[str, bytes],
    choices: Mapping[str, str],
    trust: Iterable[Tuple[TrustFile, bytes]] = (),
    shelf: Shelf = EMPTY,
) -> Plan:
    """Plan what a stick carries of a publisher.

    Args:
        repository: The publisher's.
        trusted: Their key by its id: of `Repository.trusted_keys`, where the folder's name or the
            school says who it is.
        choices: One of `CHOICES` by pack id; a pack that is not named goes from the stick.
        trust: Files of trust that readers may need.
        shelf: What lies on the stick: where that is newer than the repository, it stays.

    Raises:
        ContentError: the catalogue is missing or not signed by ``trusted``.
    """
    publisher = repository.publisher_key()
    source = Source(
        holder=_Held(repository, publisher.key_id),
        publisher=publisher,
        catalogue=repository.catalogue_bytes(),
        trusted=trusted,
        trust=tuple(trust),
    )
    return make_plan(source, choices, shelf)


class _Held:
    """What a repository has."""

    def __init__(self, repository: Repository, publisher: str) -> None:
        self._repository = repository
        self._publisher = publisher

    def manifest(self, pack: str, version: int) -> Optional[bytes]:
        """A manifest's envelope, unverified."""
        try:
            return self._repository.manifest_bytes(pack, version)
        except MissingError:
            return None

    def core(self, manifest: Manifest) -> Optional[CarriedFile]:
        """The core object."""
        core = manifest.core
        blocks = self.object(core.object, core.size_bytes)
        path = object_path(self._publisher, core.object)
        return CarriedFile(path, core.size_bytes, core.object, blocks) if blocks else None

    def media(self, manifest: Manifest, entry: MediaEntry) -> Optional[Blocks]:
        """The bytes of a media object."""
        del manifest
        return self.object(entry.sha256, entry.size_bytes)

    def patch(self, pack: str, old: int, new: int) -> Optional[HeldPatch]:
        """A patch, with the objects of its media patches."""
        try:
            data = self._repository.patch_bytes(pack, old, new)
        except MissingError:
            return None
        path = self._repository.patch_path(pack, old, new)
        blocks = blocks_of_file(path, len(data))
        media = parse_patch(data, str(path)).media
        objects = tuple(
            (stored.sha256, stored.size_bytes) for one in media for stored in one.objects
        )
        sha256 = hashlib.sha256(data).hexdigest()
        return HeldPatch(len(data), sha256, blocks, objects) if blocks else None

    def object(self, sha256: str, size_bytes: int) -> Optional[Blocks]:
        """The bytes of an object."""
        return blocks_of_file(self._repository.object_path(sha256), size_bytes)
