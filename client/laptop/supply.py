"""Fetching lessons: catalogues, then every pack's text and tasks, then videos.

That is the order of law 5. Each publisher and each pack fails alone: its reason is put aside and
the others go on. Only the link's failure, a cancel or a full disk ends the whole.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from client.laptop import quarantine
from client.laptop.account import InstalledPack, Problem, SyncProgress
from client.laptop.errors import LaptopError
from client.laptop.library import Library
from client.laptop.media_updating import MediaUpdating
from client.laptop.parts import Parts, ends_all, stoppable
from client.laptop.problems import problem_of, typed_errors
from client.laptop.road import Road
from client.laptop.store import Store
from client.laptop.trusting import Trusting
from client.laptop.updating import Updating
from client.messages import Message
from sync.errors import CancelledError, SyncError
from sync.objects import ObjectSpec

if TYPE_CHECKING:
    from content import installation
    from content.catalogue import CatalogueEntry
    from content.manifest import CoreEntry, Manifest, MediaEntry

MAX_CATALOGUE_BYTES = 8 << 20
ROOT, WITHDRAWALS = "root-", "withdrawals-"
"""Beginnings of the names by which a server announces roots and lists of withdrawals."""

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]


class Wanted(NamedTuple):
    """A pack version that a catalogue lists and that is not wholly here."""

    publisher: str
    pack: str
    version: int
    manifest_sha256: str
    manifest_size_bytes: int


@dataclass
class Delivery:
    """What came: packs that are new or complete now, and what was put aside."""

    installed: List[InstalledPack] = field(default_factory=list)
    set_aside: List[Problem] = field(default_factory=list)
    problem: Optional[Problem] = None


class Supply:
    """One run over catalogues and packs."""

    def __init__(
        self, store: Store, library: Library, road: Road, report: Report, cancel: Cancel
    ) -> None:
        self._store = store
        self._library = library
        self._road = road
        self._report = report
        self._cancel = cancel
        self._installation = library.installation()
        self._trusting = Trusting(store, road.fetch)
        self._parts = Parts(self._installation, road, cancel)
        self._media_updating = MediaUpdating(self._parts)
        self._updating = Updating(self._parts, self._media_updating, self._trusting, road)
        self._delivery = Delivery()

    def run(self, catalogues: Mapping[str, int]) -> Delivery:
        """Fetch what is new by these serials, and what an earlier run left unfinished."""
        try:
            self._learn(catalogues)
            for publisher, serial in sorted(catalogues.items()):
                with self._alone(publisher):
                    self._read_catalogue(publisher, serial, catalogues)
            self._install_all(self._wanted())
        except (SyncError, OSError, LaptopError) as error:
            self._delivery.problem = problem_of(error)
        return self._delivery

    def _install_all(self, wanted: List[Wanted]) -> None:
        ready: List[Tuple[Wanted, installation.InstalledPack]] = []
        for want in wanted:
            with self._alone(want.pack):
                ready.append((want, self._text_and_tasks(want)))
        if len(ready) == len(wanted):
            self._media_updating.sweep()
        for want, installed in ready:
            with self._alone(want.pack):
                if self._media(want, installed):
                    self._complete(want, installed)

    @contextlib.contextmanager
    def _alone(self, subject: str) -> Iterator[None]:
        """Keep a failure to its publisher or pack, unless nothing else could succeed either."""
        if self._cancel():
            raise CancelledError()
        try:
            yield
        except typed_errors() as error:
            if ends_all(error):
                raise
            self._put_aside(problem_of(error, subject))

    def _put_aside(self, problem: Problem) -> None:
        self._delivery.set_aside.append(problem)
        with self._store.database.transaction() as connection:
            quarantine.put(connection, problem)

    def _learn(self, announced: Mapping[str, int]) -> None:
        """Follow roots and withdrawals first: what catalogues rest on."""
        names = (ROOT, WITHDRAWALS)
        if not any(name.startswith(names) for name in announced):
            return
        subject = self._store.enrolled().school
        with self._alone(subject):
            numbers = self._trusting.learn(announced)
            with self._store.database.transaction() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO publishers VALUES (?, ?)", list(numbers.items())
                )
                quarantine.release(connection, subject)

    def _read_catalogue(self, publisher: str, serial: int, announced: Mapping[str, int]) -> None:
        known = self._known_serial(publisher)
        if publisher.startswith((ROOT, WITHDRAWALS)) or serial <= known:
            return
        if not self._trusting.may_certify(publisher):
            return
        self._report(SyncProgress(Message("road.catalogue")))
        place = f"/repository/{publisher}/catalogue"
        data = self._road.fetch(place, MAX_CATALOGUE_BYTES)
        verified = self._trusting.catalogue(publisher, data, announced, place)
        catalogue = verified.catalogue
        if catalogue.serial < known:
            from content.errors import RollbackError

            raise RollbackError(f"{place} is number {catalogue.serial}, older than number {known}.")
        self._updating.keep_catalogue(publisher, data)
        # Before the database: what is lost in between is read and accepted once more.
        self._trusting.keep(verified.state)
        with self._store.database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO publishers VALUES (?, ?)", (publisher, catalogue.serial)
            )
            connection.execute("DELETE FROM wanted WHERE publisher = ?", (publisher,))
            connection.executemany(
                "INSERT INTO wanted VALUES (?, ?, ?, ?, ?, ?, 0)",
                [
                    (
                        publisher,
                        one.pack,
                        one.version,
                        one.manifest_sha256,
                        one.manifest_size_bytes,
                        place,
                    )
                    for place, one in enumerate(verified.entries)
                ],
            )
            quarantine.release(connection, publisher)
        for pack, error in verified.refused.items():
            self._put_aside(problem_of(error, pack))

    def _known_serial(self, publisher: str) -> int:
        row = self._store.database.connection.execute(
            "SELECT catalogue_serial FROM publishers WHERE key_id = ?", (publisher,)
        ).fetchone()
        return int(row[0]) if row else 0

    def _wanted(self) -> List[Wanted]:
        rows = self._store.database.connection.execute(
            "SELECT publisher, pack, version, manifest_sha256, manifest_size_bytes FROM wanted"
            " WHERE complete = 0 ORDER BY place, publisher"
        ).fetchall()
        wanted = [Wanted(*row) for row in rows]
        return [want for want in wanted if self._trusting.trusts(want.publisher)]

    def _text_and_tasks(self, want: Wanted) -> installation.InstalledPack:
        """Give the wanted version, installing its core first where it is missing or damaged."""
        current = self._library.current().get(want.pack, 0)
        self._check_owner(want, current)
        installed = self._installation.find(want.pack, want.version)
        if installed is None or installed.manifest.publisher != want.publisher:
            installed = self._install(want, current)
        if current < want.version:
            self._library.adopt(installed)
            self._drop_old(installed)
            self._note_installed(want)
        return installed

    def _check_owner(self, want: Wanted, current: int) -> None:
        """A pack's name belongs to the publisher who came first: nobody else may replace it."""
        installed = self._installation.find(want.pack, current) if current else None
        former = installed.manifest.publisher if installed else want.publisher
        if not self._trusting.may_replace(want.publisher, former):
            from content.errors import MismatchError

            raise MismatchError(f"{want.pack} is here from another publisher and was kept.")

    def _install(self, want: Wanted, current: int) -> installation.InstalledPack:
        old = self._installation.find(want.pack, current) if current < want.version else None
        # What was begun of other versions, and not finished, would only take room.
        self._installation.tidy(want.pack, want.version)
        staging = None
        if old is not None:
            heard = self._lessons(old.manifest)
            staging = self._updating.stage(want.publisher, _entry(want), old, heard)
        installed = (staging or self._whole(want)).finish()
        self._media_updating.changed()
        self._take_local(installed)
        return installed

    def _whole(self, want: Wanted) -> installation.Staging:
        manifest, envelope = self._manifest(want)
        heard = self._lessons(manifest)
        core = self._core(want, manifest.core)
        staging = self._installation.begin(manifest, envelope)
        with stoppable():
            staging.put_core(core, self._parts.watch(heard))
        self._core_path(manifest.core).unlink()
        return staging

    def _lessons(self, manifest: Manifest) -> Callable[[int, int], None]:
        """Tell that lessons are coming, and give what tells how far they are."""
        title = Message("road.lessons", {"pack": manifest.title})
        self._report(SyncProgress(title))
        return lambda done_bytes, total_bytes: self._report(
            SyncProgress(title, done_bytes, total_bytes)
        )

    def _manifest(self, want: Wanted) -> Tuple[Manifest, bytes]:
        place = f"/repository/{want.publisher}/manifests/{want.pack}/{want.version}"
        data = self._road.fetch(place, want.manifest_size_bytes)
        return self._trusting.read_manifest(want.publisher, data, _entry(want)), data

    def _core(self, want: Wanted, core: CoreEntry) -> bytes:
        self._download(want, ObjectSpec(core.object, core.size_bytes), self._core_path(core), None)
        return self._core_path(core).read_bytes()

    def _core_path(self, core: CoreEntry) -> Path:
        return self._installation.part_path(core.object + ".core")

    def _take_local(self, installed: installation.InstalledPack) -> None:
        """Take over media that this or another pack has already."""
        from content.errors import ContentError

        for entry in installed.missing_media:
            try:
                self._media_updating.take_local(installed, entry)
            except ContentError as error:
                # It is fetched like any other.
                self._put_aside(problem_of(error, installed.manifest.pack))

    def _media(self, want: Wanted, installed: installation.InstalledPack) -> bool:
        """Fetch what is missing, file by file; tell whether all of it is here."""
        whole = True
        for entry in installed.missing_media:
            try:
                self._one_media(want, installed, entry)
            except SyncError as error:
                if ends_all(error):
                    raise
                whole = False
                self._put_aside(problem_of(error, want.pack))
        return whole

    def _one_media(
        self, want: Wanted, installed: installation.InstalledPack, entry: MediaEntry
    ) -> None:
        title = Message("road.media", {"pack": installed.manifest.title})

        def heard(done_bytes: int, total_bytes: int) -> None:
            self._report(SyncProgress(title, done_bytes, total_bytes))

        if not self._media_updating.patch_media(want.publisher, installed, entry, heard):
            spec = ObjectSpec(entry.sha256, entry.size_bytes, entry.piece_sha256)
            self._download(want, spec, installed.media_path(entry), heard)
        installed.note_media(entry)
        self._library.note_videos(installed)

    def _download(
        self,
        want: Wanted,
        spec: ObjectSpec,
        target: Path,
        heard: Optional[Callable[[int, int], None]],
    ) -> None:
        self._parts.download(want.publisher, spec, target, heard)

    def _complete(self, want: Wanted, installed: installation.InstalledPack) -> None:
        # Also what came before a crash and was not noted then.
        self._library.note_videos(installed)
        self._drop_old(installed)
        with self._store.database.transaction() as connection:
            connection.execute(
                "UPDATE wanted SET complete = 1 WHERE publisher = ? AND pack = ? AND version = ?",
                (want.publisher, want.pack, want.version),
            )
            quarantine.release(connection, want.pack)
        self._note_installed(want)

    def _note_installed(self, want: Wanted) -> None:
        news = InstalledPack(want.pack, want.version)
        if news not in self._delivery.installed:
            self._delivery.installed.append(news)

    def _drop_old(self, installed: installation.InstalledPack) -> None:
        """Free what older versions took, but for a video that a newer one is still made from."""
        from content.errors import ContentError

        self._media_updating.changed()
        pack, version = installed.manifest.pack, installed.manifest.version
        for old in list(self._media_updating.outdated(installed)):
            # A file that a player holds open cannot go on Windows: repair() meets it again.
            with contextlib.suppress(ContentError):
                self._installation.remove(pack, old)
        self._media_updating.changed()
        self._installation.tidy(pack, version)


def _entry(want: Wanted) -> CatalogueEntry:
    from content.catalogue import CatalogueEntry

    return CatalogueEntry(
        want.pack, want.version, want.manifest_sha256, want.manifest_size_bytes, {}
    )
