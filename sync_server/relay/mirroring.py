"""A relay keeps in step with its upstream's packs: what its laptops fetch lies next door.

Texts and tasks first, the smallest first; then the catalogue, so that laptops hear of them; then
media, the smallest first. A pack that is here in an older version comes as a patch. Everything is
verified before it is put in place, and what was begun goes on in the next turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import (
    AbstractSet,
    Any,
    Callable,
    Dict,
    Iterable,
    List,
    Mapping,
    Optional,
    Sequence,
    Set,
    Tuple,
)

from content.catalogue import Catalogue, CatalogueEntry
from content.errors import ContentError, MissingError
from content.manifest import Manifest, MediaEntry
from content.reader import read_catalogue, read_listed_manifest
from content.repositories.repository import Repository
from content.trust.envelope import MAX_ENVELOPE_BYTES
from content.trust.files import TrustFile
from content.trust.keys import PublicKey
from sync.errors import Fault, ObjectError
from sync.link.policy import ALLOWED, Verdict
from sync.link.rules import Value
from sync_server.lessons.trusting import BY_CERTIFICATE, Certified, Trusting, certified_by
from sync_server.relay.media_order import Next, VideoKey, Wanted, plan_media, video_of
from sync_server.relay.packs import Brought, ObjectRoad, PackMirror
from sync_server.store.model import Publisher
from sync_server.store.protocol import Store

MayGo = Callable[[Value], Verdict]
HasRoom = Callable[[int, bool], bool]
Order = Callable[[Sequence[Wanted], AbstractSet[VideoKey]], Iterable[Next]]


def any_order(wanted: Sequence[Wanted], here: AbstractSet[VideoKey]) -> Iterable[Next]:
    """Order media without knowing of any plan."""
    return plan_media(wanted, {}, 0, here=here)


@dataclass
class Mirrored:
    """What a turn brought; ``missing`` are media still to come, ``problems`` are sentences.

    ``without_room`` counts those for which the disk has no room.
    """

    packs: int = 0
    patched: int = 0
    media: int = 0
    missing: List[Wanted] = field(default_factory=list)
    without_room: int = 0
    problems: List[str] = field(default_factory=list)

    @property
    def missing_bytes(self) -> int:
        """How much is still to come."""
        return sum(one.size_bytes for one in self.missing)

    def to_json(self) -> Dict[str, Any]:
        """Return it for scripts."""
        return {
            "packs": self.packs,
            "patched": self.patched,
            "media": self.media,
            "missing": len(self.missing),
            "missing_bytes": self.missing_bytes,
            "without_room": self.without_room,
            "problems": self.problems,
        }


@dataclass
class _Shelf:
    """Media that are missing, where each comes from, and the videos that are here."""

    wanted: List[Wanted] = field(default_factory=list)
    places: List[Tuple[PackMirror, MediaEntry]] = field(default_factory=list)
    here: Set[VideoKey] = field(default_factory=set)

    def add(self, mirror: PackMirror, pack: str, brought: Brought) -> None:
        """Put a pack's media on it."""
        self.here |= {video_of(pack, one.path) for one in brought.here}
        for entry in brought.media:
            self.wanted.append(Wanted(len(self.places), pack, entry.path, entry.size_bytes))
            self.places.append((mirror, entry))


@dataclass(frozen=True)
class _Source:
    """A publisher's catalogue as the upstream has it, and what verifies its packs."""

    catalogue: Catalogue
    envelope: bytes
    keys: Mapping[str, bytes]
    certified: Optional[Certified]

    def open(self, data: bytes, entry: CatalogueEntry) -> Manifest:
        """Verify a manifest; raises ContentError."""
        if self.certified is not None:
            return self.certified.verified.read_manifest(data, entry)
        return read_listed_manifest(data, entry, self.keys)


class Mirror:
    """Brings what a road's server has published, by publishers whom this server trusts."""

    def __init__(self, store: Store, data: Path, road: ObjectRoad, school: str) -> None:
        """Take where things are; ``school`` is this server's id, for certificates' limits."""
        self._store = store
        self._repositories = data / "repositories"
        self._trusting = Trusting(data)
        self._road = road
        self._school = school

    def run(
        self,
        newest: Mapping[str, int],
        done: Mirrored,
        order: Order = any_order,
        may_go: MayGo = lambda _: ALLOWED,
        noted: Callable[[], None] = lambda: None,
        has_room: HasRoom = lambda _, __: True,
    ) -> Verdict:
        """Bring what is new and what is still missing; return whether media may still go.

        Args:
            newest: The serials of the upstream's catalogues by publisher, where it told them.
            done: To be added to, also where an error ends it.
            order: In which order media come: told what is missing, and of which videos some
                rendition is here.
            may_go: Tells before each of the media whether bytes of their value may go now.
            noted: Called whenever something was added.
            has_room: Tells whether a file of this size fits on the disk, which is needed soon or
                not.

        Raises:
            SyncError: the road failed, or a rule of the line ended it; what came stays, and the
                next turn goes on from there.
        """
        with self._store.transaction() as transaction:
            here = {one.key_id: one for one in transaction.publishers()}
        shelf = _Shelf()
        for key_id in sorted({*here, *newest}):
            if not _is_key_id(key_id):
                continue
            one = here.get(key_id, Publisher(key_id, BY_CERTIFICATE))
            try:
                self._texts(one, newest.get(key_id, 0), done, shelf, noted)
            except ContentError as error:
                done.problems.append(str(error))
        done.missing = shelf.wanted
        for wanted, value in order(shelf.wanted, shelf.here):
            verdict = may_go(value)
            if not verdict.allowed:
                return verdict
            if has_room(wanted.size_bytes, value is Value.MEDIA_DUE):
                self._media(shelf, wanted, done)
                noted()
            else:
                done.without_room += 1
        return ALLOWED

    def _texts(
        self,
        publisher: Publisher,
        serial: int,
        done: Mirrored,
        shelf: _Shelf,
        noted: Callable[[], None],
    ) -> None:
        target = Repository(self._repositories / publisher.key_id)
        source = self._source(publisher, serial, target)
        if source is None:
            return
        mirror = PackMirror(target, publisher.key_id, self._road, source.open, source.keys)
        for entry in sorted(source.catalogue.packs, key=lambda one: one.core_size_bytes):
            try:
                brought = mirror.bring(entry)
            except (ContentError, ObjectError) as error:
                _raise_own(error)
                done.problems.append(str(error))
                continue
            done.packs += brought.came
            done.patched += brought.patched
            if brought.came:
                noted()
            shelf.add(mirror, entry.pack, brought)
        if source.catalogue.serial > publisher.serial:
            self._announce(publisher, source, target)

    def _source(self, publisher: Publisher, serial: int, target: Repository) -> Optional[_Source]:
        """The upstream's catalogue where it is newer, else the one that is here."""
        if serial > publisher.serial:
            place = f"/repository/{publisher.key_id}/catalogue"
            return self._verified(publisher, self._fetch(place, MAX_ENVELOPE_BYTES))
        if not publisher.serial:
            return None
        return self._verified(publisher, target.catalogue_bytes())

    def _verified(self, publisher: Publisher, data: bytes) -> Optional[_Source]:
        place = f"The catalogue of {publisher.key_id}"
        if publisher.public_key:
            keys = {publisher.key_id: publisher.public_key}
            catalogue = read_catalogue(data, keys, publisher.serial, place)
            if catalogue.publisher != publisher.key_id:
                raise MissingError(f"{place} is another publisher's.")
            return _Source(catalogue, data, keys, None)

        def read(file: TrustFile) -> bytes:
            return self._fetch(f"/repository/{publisher.key_id}/{file.path}", file.limit_bytes)

        found = certified_by(self._trusting, read, data, self._school, place)
        if found is None or found.verified.catalogue.publisher != publisher.key_id:
            return None
        catalogue = found.verified.catalogue
        return _Source(catalogue, data, found.verified.trusted, found)

    def _announce(self, publisher: Publisher, source: _Source, target: Repository) -> None:
        """Put the catalogue in place: from now on laptops hear of what it lists."""
        raw = source.keys[publisher.key_id]
        target.write_publisher(PublicKey(raw))
        target.write_catalogue(source.envelope)
        with self._store.transaction() as transaction:
            if source.certified is not None:
                verified = source.certified.verified
                self._trusting.keep(transaction, verified.state, source.certified.files)
            transaction.trust_publisher(publisher.key_id, publisher.public_key)
            transaction.set_catalogue_serial(publisher.key_id, source.catalogue.serial)

    def _media(self, shelf: _Shelf, wanted: Wanted, done: Mirrored) -> None:
        mirror, entry = shelf.places[wanted.number]
        try:
            mirror.bring_media(entry)
            done.media += 1
            done.missing.remove(wanted)
        except (ContentError, ObjectError) as error:
            _raise_own(error)
            done.problems.append(str(error))

    def _fetch(self, path: str, limit_bytes: int) -> bytes:
        try:
            return self._road.fetch(path, limit_bytes)
        except ObjectError as error:
            raise MissingError(f"{path}: {error}") from error


def _raise_own(error: Exception) -> None:
    """Let through what no other pack could escape either, such as a full disk."""
    if isinstance(error, ObjectError) and error.fault is not Fault.THEIR_DATA:
        raise error


def adopt_publishers(
    store: Store, upstream_id: str, publishers: Optional[Mapping[str, bytes]]
) -> None:
    """Trust whom an upstream trusts, and take that back when it does; others stay as they are."""
    if publishers is None:
        return
    told: Dict[str, bytes] = {name: key for name, key in publishers.items() if _is_key_id(name)}
    name = f"publishers-of-{upstream_id}"
    with store.transaction() as transaction:
        before = set((transaction.setting(name) or "").split())
        here = {one.key_id: one.public_key for one in transaction.publishers()}
        for key_id, key in told.items():
            if key_id not in here and PublicKey(key).key_id == key_id:
                transaction.trust_publisher(key_id, key)
                before.add(key_id)
        for key_id in before - set(told):
            transaction.distrust_publisher(key_id)
        transaction.set_setting(name, " ".join(sorted(before & set(told))))


def _is_key_id(name: str) -> bool:
    return len(name) == 32 and all(letter in "0123456789abcdef" for letter in name)
