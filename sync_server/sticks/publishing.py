"""Lessons from a stick: newer packs of publishers whom this server trusts are published here.

So a school's server that no link reaches is kept current by a stick that was at a region's server.
A catalogue is put in place only where all texts and tasks that it lists are here then: laptops
would ask in vain for what it lists beyond that.
"""

from __future__ import annotations

from pathlib import Path
from typing import AbstractSet, Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from content.carrying import serials
from content.catalogue import PAYLOAD_TYPE as CATALOGUE_TYPE
from content.catalogue import Catalogue, CatalogueEntry, parse_catalogue
from content.errors import ContentError
from content.manifest import KEY_ID, parse_manifest
from content.manifest import PAYLOAD_TYPE as MANIFEST_TYPE
from content.repositories.repository import Repository
from content.trust.envelope import MAX_ENVELOPE_BYTES, unverified_payload
from sync.errors import CancelledError, ObjectError
from sync.link.policy import ALLOWED, Verdict
from sync.link.rules import Value
from sync.objects import ObjectSpec
from sync.roads.road import Cancel, Progress
from sync.roads.stick import StickRoad
from sync.sticks.volume import Volume
from sync_server.data_folder import DataFolder
from sync_server.disk.keeper import keeper_of
from sync_server.relay.media_order import Next, VideoKey, Wanted
from sync_server.relay.mirroring import Mirror, Mirrored
from sync_server.store.protocol import Store


def publish_from(
    folder: DataFolder,
    store: Store,
    school: str,
    volume: Volume,
    cancel: Callable[[], bool],
    done: Mirrored,
) -> Tuple[str, ...]:
    """Bring here what a stick has and this server lacks; what came stays if it ends early.

    Returns the ids of publishers on the stick whom this server does not know.

    Args:
        folder: The server's.
        store: Knows whom to trust.
        school: This server's id, to which certificates may be limited.
        volume: The stick.
        cancel: Asked between pieces.
        done: To be added to.

    Raises:
        StickError: the stick is gone.
        CancelledError: ``cancel`` said so.
        ObjectError: this server's disk is full, or failed.
    """
    road = _Road(volume, cancel)
    there = _Stick(road, folder.repositories)
    told, here = serials(road.shelf), _published(store)
    newest = {
        name: serial
        for name, serial in told.items()
        if serial > here.get(name, 0) and there.has_all_texts(name)
    }

    def order(wanted: Sequence[Wanted], _: AbstractSet[VideoKey]) -> List[Next]:
        found = there.media(wanted)
        return [Next(one, Value.MEDIA) for one in wanted if one in found]

    def may_go(_: Value) -> Verdict:
        if cancel():
            raise CancelledError()
        return ALLOWED

    has_room = keeper_of(folder).has_room
    mirror = Mirror(store, folder.root, road, school)
    mirror.run(newest, done, order, may_go, has_room=has_room)
    known = _published(store)
    return tuple(sorted(name for name in told if KEY_ID.match(name) and name not in known))


def _published(store: Store) -> Mapping[str, int]:
    with store.transaction() as transaction:
        return {one.key_id: one.serial for one in transaction.publishers()}


class _Road(StickRoad):
    """A stick's road whose downloads end where the visit ends."""

    def __init__(self, volume: Volume, cancel: Cancel) -> None:
        super().__init__(volume)
        self._cancel = cancel

    def download(
        self,
        spec: ObjectSpec,
        part_path: Path,
        final_path: Path,
        *,
        repository: str,
        progress: Optional[Progress] = None,
        cancel: Optional[Cancel] = None,
    ) -> None:
        """See StickRoad."""
        super().download(
            spec,
            part_path,
            final_path,
            repository=repository,
            progress=progress,
            cancel=cancel or self._cancel,
        )


class _Stick:
    """What a stick has of packs, beside what is here; nothing is believed yet."""

    def __init__(self, road: StickRoad, repositories: Path) -> None:
        self._road = road
        self._repositories = repositories

    def has_all_texts(self, key_id: str) -> bool:
        """Tell whether all texts and tasks that its catalogue lists are on it, or here."""
        try:
            place = f"/repository/{key_id}/catalogue"
            data = self._road.fetch(place, MAX_ENVELOPE_BYTES)
            packs = parse_catalogue(unverified_payload(data, CATALOGUE_TYPE)).packs
        except (ContentError, ObjectError):
            return False
        repository = Repository(self._repositories / key_id)
        return all(self._is_here(repository, one) or self._has(key_id, one) for one in packs)

    def _is_here(self, repository: Repository, entry: CatalogueEntry) -> bool:
        try:
            data = repository.manifest_bytes(entry.pack, entry.version)
            core = parse_manifest(unverified_payload(data, MANIFEST_TYPE)).core
        except ContentError:
            return False
        return repository.has_object(core.object, core.size_bytes)

    def _has(self, key_id: str, entry: CatalogueEntry) -> bool:
        place = f"/repository/{key_id}"
        try:
            path = f"{place}/manifests/{entry.pack}/{entry.version}"
            data = self._road.fetch(path, entry.manifest_size_bytes)
            core = parse_manifest(unverified_payload(data, MANIFEST_TYPE)).core
        except (ContentError, ObjectError):
            return False
        return self._road.has_object(core.object, core.size_bytes, repository=place)

    def media(self, wanted: Sequence[Wanted]) -> Set[Wanted]:
        """Return those of the media that are missing here which are on it."""
        packs = {one.pack for one in wanted}
        places: Dict[Tuple[str, str], List[Tuple[str, ObjectSpec]]] = {}
        for repository, catalogue in self._published() if packs else ():
            for entry in catalogue.packs:
                if entry.pack in packs:
                    self._note(repository, entry, places)
        return {
            one
            for one in wanted
            if any(
                self._road.has_object(spec.sha256, spec.size_bytes, repository=place)
                for place, spec in places.get((one.pack, one.path), ())
            )
        }

    def _published(self) -> List[Tuple[Repository, Catalogue]]:
        found = []
        for folder in sorted(self._repositories.iterdir()):
            repository = Repository(folder)
            try:
                found.append((repository, repository.catalogue(repository.trusted_keys())))
            except ContentError:
                continue
        return found

    def _note(
        self,
        repository: Repository,
        entry: CatalogueEntry,
        places: Dict[Tuple[str, str], List[Tuple[str, ObjectSpec]]],
    ) -> None:
        keys: Mapping[str, bytes] = repository.trusted_keys()
        try:
            manifest = repository.manifest(entry.pack, entry.version, keys)
        except ContentError:
            return
        place = f"/repository/{repository.folder.name}"
        for one in manifest.media:
            spec = ObjectSpec(one.sha256, one.size_bytes, one.piece_sha256)
            places.setdefault((entry.pack, one.path), []).append((place, spec))
