"""One laptop: what every screen and the command line work with. Imports no kivy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, FrozenSet, Mapping, Optional, Tuple

from client.laptop.account import Happening, SyncAccount, SyncProgress, SyncStatus
from client.laptop.attaching.attachments import AttachedFile, Attachments
from client.laptop.nearby.nearby import NOBODY, Nearby
from client.laptop.nearby.sources import Sources
from client.laptop.packs.lessons import LessonCard, Progress, Text
from client.laptop.packs.library import Library
from client.laptop.people.enrolling import enrol
from client.laptop.people.people import Person
from client.laptop.people.vaults import Vaults
from client.laptop.people.visiting import Visits
from client.laptop.road import OverHttp, Road
from client.laptop.schoolwork.class_work import ClassWork, TaskKey, WorkDetail
from client.laptop.schoolwork.desk import Desk
from client.laptop.schoolwork.drafts import DraftKey
from client.laptop.schoolwork.marking import Marking
from client.laptop.schoolwork.travelling_drafts import TravellingDrafts
from client.laptop.schoolwork.works import Answers, Work, WorkId
from client.laptop.storage.opening import open_database
from client.laptop.store import Store
from client.laptop.syncing.happening import NEXT_TRY
from client.laptop.syncing.link import Link
from client.laptop.syncing.syncing import Syncing
from client.laptop.videos.videos import Videos
from client.messages import Message

if TYPE_CHECKING:
    from client.laptop.sticks.sticks import Sticks
    from content.pack import Pack
    from content.task import Task
    from sync.clock import Clock


class Laptop:
    """The people, lessons and work on one machine, in one folder.

    Every method may be called from any thread: each thread has a database connection of its
    own, the database is in WAL mode and no transaction is held open over the network, so a read
    on the window's thread never waits for a running `sync`. Calls that write wait for the
    disk (a few milliseconds); `sync`, `enrol`, `pack` and `work_detail` belong on the executor.

    Besides what is said below, any method may raise LaptopError ``disk-full``, ``disk-error``,
    ``database-busy`` or ``database-damaged``, and, for a person who has a vault and does not sit
    here (``vaults``), ``vault-closed``; a LaptopError carries the message to show.
    """

    def __init__(
        self,
        store: Store,
        reach: Callable[[str], Road],
        notices: Tuple[Message, ...],
        nearby: Nearby = NOBODY,
    ) -> None:
        self._store = store
        self.nearby = nearby
        self._reach = reach
        self._notices = notices
        self._library = Library(store.folder, store.database)
        self._desk = Desk(store, self._library)
        self._travelling = TravellingDrafts(store, self._desk)
        self._marking = Marking(store, self._library, self._desk)
        self._attachments = Attachments(store)
        self.vaults = Vaults(store)
        self._link = Link(store)
        self._videos = Videos(store, self._library)
        self._syncing = Syncing(store, self._library, reach, self._link, nearby)
        self._library.repair()
        self._attachments.clear_opened()
        self.visits.see_all_off()

    @classmethod
    def open(
        cls,
        data: Path,
        clock: Optional[Clock] = None,
        reach: Optional[Callable[[str], Road]] = None,
        nearby: Optional[Callable[[Store], Nearby]] = None,
    ) -> Laptop:
        """Open (or make) the laptop in a folder.

        ``clock`` is the machine's by default; ``reach`` makes the road to a server's address (by
        default over HTTP), ``nearby`` what looks around (by default nobody is looked for). A
        damaged database is put aside and rebuilt from what can be read: see `notices`.
        """
        database, notices = open_database(data)
        store = Store(data, database, clock)
        return cls(store, reach or OverHttp(), notices, nearby(store) if nearby else NOBODY)

    def close(self) -> None:
        """Let go of the network and the database. What was saved is on the disk already."""
        self.nearby.close()
        self._store.database.close()

    def now_ms(self) -> int:
        """Tell the time as well as it is known: the server's last word plus what passed since."""
        return self._store.now_ms()

    @property
    def enrolled(self) -> bool:
        """Whether this laptop belongs to a school yet."""
        membership = self._store.membership
        return membership is not None and membership.enrolled

    @property
    def school(self) -> str:
        """The school's name; empty before enrolment."""
        return self._store.membership.school if self._store.membership else ""

    @property
    def school_address(self) -> str:
        """Where the school's server is; empty before enrolment, and after one by stick."""
        return self._store.membership.address if self._store.membership else ""

    def enrol(self, address: str, code: str, laptop_name: str = "") -> None:
        """Join a school, or let a further code of the same school add its people.

        Raises LaptopError: ``enrolment-code-mistyped``, ``-length``, ``-unknown``, ``-used`` or
        ``-expired``, ``address-invalid``, ``enrol-link``, ``already-enrolled`` (at another school).
        """
        enrol(self._store, self._reach, address, code, laptop_name)

    @property
    def visits(self) -> Visits:
        """People who use this laptop for once, and leave nothing behind."""
        return Visits(self._store)

    @property
    def store(self) -> Store:
        """What all parts stand on: for the parts that are no methods here, such as sticks."""
        return self._store

    @property
    def library(self) -> Library:
        """The packs on this laptop: for the same parts."""
        return self._library

    @property
    def sticks(self) -> Sticks:
        """USB sticks: a road in both directions that needs no link."""
        from client.laptop.sticks.sticks import Sticks

        return Sticks(self)

    @property
    def link(self) -> Link:
        """The link's rules, what was used of it, and what may go over it now."""
        return self._link

    def notices(self) -> Tuple[Message, ...]:
        """What was found damaged and put aside when the laptop was opened, in plain words."""
        return self._notices

    def preference(self, name: str, default: str = "") -> str:
        """Look up a small setting of this machine (the language, the last person)."""
        return self._store.setting("preference." + name, default)

    def set_preference(self, name: str, value: str) -> None:
        """Keep a small setting of this machine."""
        self._store.keep_settings({"preference." + name: value})

    def people(self) -> Tuple[Person, ...]:
        """List the people who use this laptop, students first, then teachers, by name."""
        return self._store.people()

    def person(self, person_id: str) -> Person:
        """Find one of the people. Raises LaptopError ``no-such-person``."""
        return self._store.person(person_id)

    def lessons(self) -> Tuple[LessonCard, ...]:
        """List all lessons of all installed packs, in the packs' order. Opens no pack."""
        return self._library.cards()

    def task_titles(self) -> Mapping[TaskKey, Text]:
        """Look up the titles of all tasks of all installed packs. Opens no pack."""
        return self._library.task_titles()

    def pack(self, pack_id: str) -> Pack:
        """Open an installed pack. Raises LaptopError ``pack-missing`` or ``pack-unreadable``."""
        return self._library.pack(pack_id)

    def draft(self, person: str, pack: str, lesson: str, task: str) -> Dict[str, Any]:
        """Look up the answers typed so far; empty when there are none."""
        return self._desk.draft(DraftKey(person, pack, lesson, task))

    def attempt(self, person: str, pack: str, lesson: str, task: str) -> int:
        """Tell which attempt at a task is under way, or would begin now; from 1."""
        return self._desk.attempt(DraftKey(person, pack, lesson, task))

    def task(self, person: str, pack: str, lesson: str, task: str, attempt: int) -> Task:
        """Open a task as a person gets it at an attempt.

        Raises LaptopError as `pack` does, and ``sealed`` while its questions are sealed.
        """
        return self._desk.task(DraftKey(person, pack, lesson, task), attempt)

    def unlock(self, person: str, pack: str, lesson: str, task: str, code: str) -> None:
        """Open a sealed test, or its key, by the code from its author's card.

        What is opened is open for everybody on this laptop. It takes a second on an old machine.
        Raises LaptopError ``code-wrong``.
        """
        self._desk.unlock(DraftKey(person, pack, lesson, task), code)

    def drafts(self, person: str) -> FrozenSet[TaskKey]:
        """List the tasks with answers typed but not handed in, on whichever laptop."""
        return self._travelling.begun(person)

    @property
    def travelling(self) -> TravellingDrafts:
        """What follows people to their other laptops before it is handed in."""
        return self._travelling

    def save_draft(
        self,
        person: str,
        pack: str,
        lesson: str,
        task: str,
        answers: Answers,
        attempt: Optional[int] = None,
    ) -> None:
        """Keep answers not yet handed in. They are on the disk when this returns.

        ``attempt`` is the one that was answered, by default the one under way. Raises LaptopError
        ``answers-too-large``.
        """
        self._desk.save_draft(DraftKey(person, pack, lesson, task), answers, attempt)

    def hand_in(
        self,
        person: str,
        pack: str,
        lesson: str,
        task: str,
        answers: Answers,
        language: str,
        attempt: Optional[int] = None,
    ) -> Work:
        """Write a work into the journal and remove its draft, both or neither.

        A second call with the same answers and no draft in between (a double click) gives the
        same work. A later attempt is a new work; the latest counts. Raises LaptopError
        ``answers-too-large``.
        """
        return self._desk.hand_in(DraftKey(person, pack, lesson, task), answers, language, attempt)

    def attach(self, path: Path) -> AttachedFile:
        """Seal a copy of a file; its ``name`` then belongs into the answer of a "file" item.

        A photo is made smaller first. Raises LaptopError ``attachment-kind``,
        ``photo-unreadable``, ``attachment-unreadable``, ``attachment-empty``,
        ``attachment-too-large``, ``attachment-changed`` or ``disk-full``.
        """
        return self._attachments.put(path)

    def attached(self, name: str) -> Optional[AttachedFile]:
        """Look up a file that was attached on this laptop."""
        return self._attachments.find(name)

    def attached_bytes(self, name: str) -> bytes:
        """Open a file that was attached on this laptop; raises as `work_file_bytes` does."""
        return self._attachments.read_own(name)

    def attached_preview(self, name: str) -> bytes:
        """Open a photo that was attached on this laptop, made small; raises as the above."""
        from client.laptop.attaching.photo import preview

        return preview(self._attachments.read_own(name))

    def take_back(self, name: str) -> None:
        """Forget an attached file that no draft names any more; what was handed in stays."""
        self._attachments.take_back(name)

    def work_file_bytes(self, work: WorkId, name: str) -> bytes:
        """Open a file attached to a work.

        Raises LaptopError ``attachment-missing`` (it has not come yet), ``attachment-damaged``.
        """
        return self._attachments.read(self._marking.body(work), name)

    def export_work_file(self, work: WorkId, name: str) -> Path:
        """Put a copy of a file attached to a work where another programme can open it.

        The copy is gone when the laptop is opened next. Raises as `work_file_bytes` does, and
        LaptopError ``attachment-kind`` for a kind of file that nobody should open.
        """
        return self._attachments.export(self._marking.body(work), name)

    def works(self, person: str) -> Tuple[Work, ...]:
        """List a person's works, newest first, from whichever laptop they were handed in."""
        return self._desk.works(person)

    def save_progress(
        self, person: str, pack: str, lesson: str, position_s: float, seen: bool
    ) -> None:
        """Keep how far a person came in a lesson. What was seen once stays seen."""
        news = Progress(max(0.0, float(position_s)), seen, self.now_ms())
        self._desk.save_progress(person, (pack, lesson), news)

    def progress(self, person: str) -> Mapping[Tuple[str, str], Progress]:
        """Look up how far a person came, by (pack, lesson)."""
        return self._desk.progress(person)

    def class_work(self, teacher: str) -> ClassWork:
        """Show a teacher's class. Raises LaptopError ``not-a-teacher``."""
        return self._marking.class_work(teacher)

    def work_detail(self, work: WorkId) -> WorkDetail:
        """Open one work, for marking or for looking back. Raises LaptopError ``no-such-work``."""
        return self._marking.work_detail(work)

    def give_mark(
        self,
        teacher: str,
        work: WorkId,
        points: float,
        comment: str,
        descriptors: Optional[Mapping[str, float]] = None,
    ) -> None:
        """Write a mark into the journal: 0 to the task's points, comment up to 2,000 characters.

        ``descriptors`` are the points by descriptor, where the teacher marked so.

        Raises LaptopError ``points-out-of-bounds``, ``comment-too-long``, ``not-a-teacher`` or
        ``no-such-work``.
        """
        self._marking.give_mark(teacher, work, points, comment, descriptors)

    def happening(self, next_try_s: Optional[float] = None) -> Happening:
        """Say what happens, or why nothing happens, in one sentence. Touches no network.

        ``next_try_s`` is how long it is until the next try, where the caller knows.
        """
        return self._syncing.happening(next_try_s)

    def status(self) -> SyncStatus:
        """Tell how things stand, without touching the network."""
        return self._syncing.status()

    def sync(
        self,
        progress: Optional[Callable[[SyncProgress], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> SyncAccount:
        """Exchange work, then fetch packs. Never raises for the link's or others' data's sake.

        ``progress`` is called on the calling thread; ``cancel`` is asked between pieces. Raises
        LaptopError ``not-enrolled``.
        """
        return self._syncing.run(progress or _unheard, cancel or _never)

    def exchange(
        self,
        progress: Optional[Callable[[SyncProgress], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> SyncAccount:
        """Exchange work only: the urgent half of `sync`, as small as work is.

        It may run beside `carry`, which then makes room. Raises LaptopError ``not-enrolled``.
        """
        return self._syncing.exchange(progress or _unheard, cancel or _never)

    def carry(
        self,
        progress: Optional[Callable[[SyncProgress], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> SyncAccount:
        """Carry objects only: the long half of `sync`, which goes on where it was stopped."""
        return self._syncing.carry(progress or _unheard, cancel or _never)

    @property
    def sources(self) -> Sources:
        """Further addresses that lessons may be fetched from."""
        return Sources(self._store)

    @property
    def videos(self) -> Videos:
        """What lies here of videos and what comes, and what people decide about it."""
        return self._videos

    def note_next_try(self, wait_s: Optional[float]) -> None:
        """Keep when the next try comes, for `status` in other processes; None: none is planned."""
        until = "" if wait_s is None else str(self.now_ms() + int(wait_s * 1000))
        self._store.keep_settings({NEXT_TRY: until})


def _unheard(_: SyncProgress) -> None:
    return None


def _never() -> bool:
    return False
