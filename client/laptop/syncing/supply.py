"""Fetching lessons: catalogues, then every pack's text and tasks, then videos.

That is the order of law 5. Each publisher and each pack fails alone: its reason is put aside and
the others go on. Only the link's failure, a cancel or a full disk ends the whole.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Callable, Dict, Iterator, List, Mapping, Optional, Tuple

from client.laptop.account import InstalledPack, Left, Problem, SyncProgress
from client.laptop.errors import LaptopError
from client.laptop.packs import wanted
from client.laptop.packs.library import Library
from client.laptop.packs.media_updating import MediaUpdating
from client.laptop.packs.parts import Parts, ends_all
from client.laptop.packs.texts import Texts
from client.laptop.packs.trusting import Trusting
from client.laptop.packs.wanted import Wanted
from client.laptop.problems import problem_of, typed_errors
from client.laptop.road import Road
from client.laptop.storage import quarantine
from client.laptop.store import Store
from client.laptop.videos.media import Media, Reason, unhindered
from client.messages import Message
from sync.errors import CancelledError, SyncError

if TYPE_CHECKING:
    from content.installation import InstalledPack as InstalledVersion

MAX_CATALOGUE_BYTES = 8 << 20
ROOT, WITHDRAWALS = "root-", "withdrawals-"
"""Beginnings of the names by which a server announces roots and lists of withdrawals."""

_MISSING = ("object-missing", "file-missing", "chain-unknown")
GROUP = 32
"""So many packs' manifests and texts are on their way together."""

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]


@dataclass
class Delivery:
    """What came: packs that are new or complete now, and what was put aside."""

    installed: List[InstalledPack] = field(default_factory=list)
    set_aside: List[Problem] = field(default_factory=list)
    problem: Optional[Problem] = None
    left: Tuple[Left, ...] = ()


class Supply:
    """One run over catalogues and packs."""

    def __init__(
        self,
        store: Store,
        library: Library,
        road: Road,
        report: Report,
        cancel: Cancel,
        reason: Reason = unhindered,
        *,
        partial: bool = False,
    ) -> None:
        """Fetch over ``road``; ``reason`` says why bytes of a value may not go now, if so.

        A ``partial`` road leads to a place that need not have all that it lists, such as a stick:
        what is missing there waits for another road and is no failure.
        """
        self._store = store
        self._partial = partial
        self._road = road
        self._report = report
        self._cancel = cancel
        self._trusting = Trusting(store, road.fetch)
        self._at_videos = False
        parts = Parts(library.installation(), road, self._to_stop)
        self._media_updating = MediaUpdating(parts)
        self._texts = Texts(
            library,
            self._trusting,
            parts,
            self._media_updating,
            road,
            report,
            self._put_aside,
        )
        self._media = Media(
            store, library, parts, self._media_updating, report, reason, self._put_aside
        )
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
        self._delivery.left = self._media.left
        return self._delivery

    def _install_all(self, wanted: List[Wanted]) -> None:
        ready = self._all_texts(wanted)
        if len(ready) == len(wanted):
            self._media_updating.sweep(self._media.wanted())
        self._at_videos = True
        for want in self._media.bring(ready):
            with self._alone(want.pack):
                self._complete(want, ready[want])

    def _to_stop(self) -> bool:
        """Whether to stop: all, or a video that nobody wants now."""
        return self._cancel() or (self._at_videos and self._media.to_stop())

    def _all_texts(self, wanted: List[Wanted]) -> Dict[Wanted, InstalledVersion]:
        """Install text and tasks, a group at a time: all of a group are on their way at once."""
        ready: Dict[Wanted, InstalledVersion] = {}
        for start in range(0, len(wanted), GROUP):
            group, looked = wanted[start : start + GROUP], []
            for want in group:
                self._texts.foresee(want)
            for want in group:
                with self._alone(want.pack):
                    self._texts.look(want)
                    looked.append(want)
            # Those with videos first: the link is busy with them while the others are installed.
            for want in sorted(looked, key=self._texts.has_media, reverse=True):
                with self._alone(want.pack):
                    ready[want], new = self._texts.bring(want)
                    if start + GROUP >= len(wanted):
                        # All texts are here or on their way: the link is free for videos.
                        self._media.foresee(want, ready[want])
                    if new:
                        self._note_installed(want)
        return ready

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
            self._put_aside(error, subject)

    def _put_aside(self, error: Exception, subject: str) -> None:
        problem = problem_of(error, subject)
        if self._partial and problem.code in _MISSING:
            return
        self._delivery.set_aside.append(problem)
        with self._store.database.transaction() as connection:
            quarantine.put(connection, problem)

    def _learn(self, announced: Mapping[str, int]) -> None:
        """Follow roots and withdrawals first: what catalogues rest on."""
        names = (ROOT, WITHDRAWALS)
        if not any(name.startswith(names) for name in announced):
            return
        subject = self._store.enrolled().school
        failed = False
        with self._alone(subject):
            for error in self._trusting.learn(announced):
                with self._alone(subject):
                    if error is not None:
                        failed = True
                        raise error
            numbers = self._trusting.numbers(announced)
            with self._store.database.transaction() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO publishers VALUES (?, ?)", list(numbers.items())
                )
                if not failed:
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
        self._texts.keep_catalogue(publisher, data)
        # Before the database: what is lost in between is read and accepted once more.
        self._trusting.keep(verified.state)
        with self._store.database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO publishers VALUES (?, ?)", (publisher, catalogue.serial)
            )
            wanted.list_anew(connection, publisher, verified.entries)
            quarantine.release(connection, publisher)
        for pack, error in verified.refused.items():
            self._put_aside(error, pack)

    def _known_serial(self, publisher: str) -> int:
        row = self._store.database.connection.execute(
            "SELECT catalogue_serial FROM publishers WHERE key_id = ?", (publisher,)
        ).fetchone()
        return int(row[0]) if row else 0

    def _wanted(self) -> List[Wanted]:
        found = wanted.incomplete(self._store.database.connection)
        return [want for want in found if self._trusting.trusts(want.publisher)]

    def _complete(self, want: Wanted, installed: InstalledVersion) -> None:
        self._texts.drop_old(installed)
        with self._store.database.transaction() as connection:
            wanted.note_complete(connection, want)
            quarantine.release(connection, want.pack)
        self._note_installed(want)

    def _note_installed(self, want: Wanted) -> None:
        news = InstalledPack(want.pack, want.version)
        if news not in self._delivery.installed:
            self._delivery.installed.append(news)
