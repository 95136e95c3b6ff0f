"""One visit of a stick: letters first, then attached files, then lessons.

That is law 5's order: what a pupil handed in is on the stick before anything large is touched, so a
stick that is pulled out early has done the most important. Every step may end at any moment and is
done again by the next visit. What cannot be written (a full stick, one that is protected) keeps
nothing from being read.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Iterator, List, Optional, Tuple

from client.laptop.account import Left, Problem, ReceiptNote, SyncProgress
from client.laptop.errors import LaptopError
from client.laptop.problems import problem_of
from client.laptop.schoolwork.standing import waiting
from client.laptop.sticks import bag
from client.laptop.sticks.account import StickAccount, failed, is_in_use
from client.laptop.sticks.consent import school_of
from client.laptop.sticks.endings import concluded
from client.laptop.sticks.turns import turn
from client.laptop.storage.database import said_plainly
from client.laptop.syncing.under_way import OBJECTS_LOCK, STICK_LOCK, WORK_LOCK
from client.messages import Message
from sync.errors import CancelledError, ObjectError, StickError, SyncError
from sync.kinds import SUBMISSION

if TYPE_CHECKING:
    from client.laptop.account import InstalledPack
    from client.laptop.laptop import Laptop
    from client.laptop.sticks.files import StickFiles
    from client.laptop.sticks.letters import Letters
    from sync.journals.receipt import Receipt
    from sync.sticks.mailbox import Mailbox
    from sync.sticks.volume import Volume

Report = Callable[[SyncProgress], None]
Cancel = Callable[[], bool]
_ENDS = frozenset(("stick-gone", "stick-newer", "cancelled"))
"""What ends a visit; anything else ends one step of it."""


def unheard(_: SyncProgress) -> None:
    """Tell nobody how far it is."""


def never() -> bool:
    """Go on."""
    return False


def visit(
    laptop: Laptop, volume: Volume, report: Report = unheard, cancel: Cancel = never
) -> StickAccount:
    """Take from a stick what is for this laptop, and leave on it what is for the school.

    Never raises for the stick's or others' data's sake: the account names the problem. ``report``
    is called on the calling thread, ``cancel`` asked between pieces. It belongs on the executor.
    """
    try:
        laptop.store.enrolled()
        with turn(laptop.store.folder / STICK_LOCK, cancel):
            return _Visit(laptop, volume, report, cancel).run()
    except (LaptopError, SyncError) as error:
        return failed(error)


class _Visit:
    def __init__(self, laptop: Laptop, volume: Volume, report: Report, cancel: Cancel) -> None:
        self._store = laptop.store
        self._library = laptop.library
        self._volume = volume
        self._report = report
        self._cancel = cancel
        self._problem: Optional[Problem] = None
        self._aside: List[Problem] = []
        self._wrote = False
        self._safe = True
        self._letters: Optional[Letters] = None
        self._came = self._left = self._taken = self._given = 0
        self._packs: Tuple[InstalledPack, ...] = ()
        self._waiting_videos: Tuple[Left, ...] = ()

    def run(self) -> StickAccount:
        """Do all steps, as far as the stick lets us, and tell of them."""
        before, receipt = waiting(self._store), self._store.journal().last_receipt()
        submissions = self._store.journal().waiting_count(SUBMISSION)
        try:
            with said_plainly():
                self._all_steps()
        except (LaptopError, SyncError, OSError) as error:
            self._end(error)
        marks_arrived = not submissions and not (self._letters and self._letters.recovered)
        marks_left = not self._store.journal().waiting_count(SUBMISSION)
        return concluded(self._account(before, receipt), marks_arrived, marks_left)

    def _account(self, before: int, receipt: Optional[Receipt]) -> StickAccount:
        now, news = waiting(self._store), self._store.journal().last_receipt()
        account = StickAccount(
            sentence=Message("stick.nothing-new"),
            safe=self._safe and not is_in_use(self._problem),
            receipt=ReceiptNote(news.seq, news.time_ms) if news and news != receipt else None,
            packs_installed=self._packs,
            files_came=self._came,
            files_left=self._left,
            letters_taken=self._taken,
            letters_given=self._given,
            left=self._waiting_videos,
            problem=self._problem,
            set_aside=tuple(self._aside),
        )
        letters = self._letters
        if letters is None:
            return account
        return replace(
            account,
            works_arrived=max(0, before + letters.recovered - now),
            marks_came=letters.marks,
            records_received=letters.records,
            works_left=now if letters.stands else 0,
            set_aside=(*self._aside, *letters.problems),
            notice=letters.notice,
        )

    def _all_steps(self) -> None:
        from sync.sticks.mailbox import Mailbox
        from sync.sticks.marker import read_marker
        from sync.sticks.turns import turn_at

        read_marker(self._volume)
        stick = Mailbox(self._volume, school_of(self._store))
        with turn_at(self._volume, self._cancel), self._flushed():
            stick_id = self._marked()
            with turn(self._store.folder / WORK_LOCK, self._cancel):
                self._mail(stick)
            self._merge(stick, stick_id)
        with self._flushed(), turn(self._store.folder / OBJECTS_LOCK, self._cancel):
            self._lessons()
            self._refresh()

    def _marked(self) -> str:
        """Give the stick's id, marking it anew where the marker is damaged; empty without one."""
        from sync.sticks.marker import ensure_marker, read_marker

        marker = read_marker(self._volume)
        if marker is None and self._volume.writable:
            with self._step():
                marker = ensure_marker(self._volume)
                self._wrote = True
        return marker.id if marker else ""

    def _mail(self, stick: Mailbox) -> None:
        """Exchange letters and files; the lock of work is held."""
        from client.laptop.sticks.files import StickFiles
        from client.laptop.sticks.letters import Letters

        self._report(SyncProgress(Message("stick.letters")))
        letters = self._letters = Letters(self._store, stick)
        with self._step():
            letters.take()
        files = StickFiles(self._store, stick, self._report, self._cancel)
        with self._step():
            self._came += files.take()
        if self._volume.writable:
            self._leave(stick, letters, files)
        elif waiting(self._store):
            self._problem = self._problem or problem_of(StickError("stick-read-only"))
        self._aside += files.problems

    def _leave(self, stick: Mailbox, letters: Letters, files: StickFiles) -> None:
        try:
            with self._step():
                letters.leave()
                self._left += files.leave()
            with self._step():
                letters.clear()
                self._wrote = bool(stick.sweep()) or self._wrote
        finally:
            self._wrote = self._wrote or letters.wrote or self._left > 0

    def _merge(self, stick: Mailbox, stick_id: str) -> None:
        from client.laptop.sticks.files import StickFiles

        carried = bag.bag_of(self._store)
        if carried is None or self._letters is None:
            return
        self._report(SyncProgress(Message("stick.carrying")))
        with self._step():
            merged = bag.merge_with(carried, stick, self._letters.boxes, stick_id, self._cancel)
            self._taken, self._given = merged.taken, merged.given
            self._wrote = self._wrote or bool(merged.given or merged.damaged)
            # A file may have come with a stick before the record that names it.
            self._came += StickFiles(self._store, carried, self._report, self._cancel).take()
            if merged.problem:
                raise StickError(merged.problem)
            if merged.bag_problem:
                raise ObjectError(merged.bag_problem)

    def _lessons(self) -> None:
        from client.laptop.syncing.supply import Supply
        from content.carrying import serials
        from sync.roads.stick import StickRoad

        self._report(SyncProgress(Message("road.catalogue")))
        road = StickRoad(self._volume)
        supply = Supply(self._store, self._library, road, self._report, self._cancel, partial=True)
        delivery = supply.run(serials(road.shelf))
        self._packs, self._waiting_videos = tuple(delivery.installed), delivery.left
        self._aside += delivery.set_aside
        self._problem = self._problem or delivery.problem
        self._wrote = self._wrote or bool(road.damaged)

    def _refresh(self) -> None:
        """Keep the packs current that the stick shall carry: a teacher's laptop brings them."""
        from client.laptop.sticks.writing import Writing

        if not self._volume.writable or not bag.carries(self._store):
            return
        with self._step():
            writing = Writing(self._store, self._library)
            written = writing.refresh(self._volume, self._report, self._cancel)
            if written is not None:
                self._wrote = self._wrote or written.written_bytes > 0
                self._problem = self._problem or written.problem

    @contextlib.contextmanager
    def _step(self) -> Iterator[None]:
        """Let a step end early without the steps after it."""
        try:
            yield
        except (SyncError, OSError) as error:
            # It may have written something before.
            self._wrote = self._wrote or self._volume.writable
            if isinstance(error, CancelledError) or getattr(error, "code", "") in _ENDS:
                raise
            self._problem = self._problem or problem_of(error)

    @contextlib.contextmanager
    def _flushed(self) -> Iterator[None]:
        """Put on the medium what the block wrote, also where somebody ended it."""
        try:
            yield
        finally:
            if self._wrote:
                self._flush()

    def _flush(self) -> None:
        self._report(SyncProgress(Message("stick.flushing")))
        self._safe = False
        try:
            self._volume.flush()
        except StickError as error:
            self._end(error)
        else:
            self._safe, self._wrote = True, False

    def _end(self, error: Exception) -> None:
        problem = problem_of(error)
        stopped = self._problem is not None and self._problem.code == "cancelled"
        if self._problem is None or stopped or problem.code == "stick-gone":
            self._problem = problem
