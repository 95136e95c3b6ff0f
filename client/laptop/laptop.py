"""One laptop: what every screen and the command line work with. Imports no kivy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, Mapping, Optional, Tuple

from client.laptop.account import SyncAccount, SyncProgress, SyncStatus
from client.laptop.class_work import ClassWork, WorkDetail
from client.laptop.lessons import LessonCard, Progress
from client.laptop.people import Person
from client.laptop.works import Answers, Work, WorkId
from client.messages import Message

if TYPE_CHECKING:
    from content.pack import Pack


class Laptop:
    """The people, lessons and work on one machine, in one folder.

    Every method may be called from any thread: each thread has a database connection of its
    own, the database is in WAL mode and no transaction is held open over the network, so a read
    on the window's thread never waits for a running `sync`. Calls that write wait for the
    disk (a few milliseconds); `sync`, `enrol`, `pack` and `work_detail` belong on the executor.
    """

    @classmethod
    def open(cls, data: Path) -> Laptop:
        """Open (or make) the laptop in a folder."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the database. What was saved is on the disk already."""
        raise NotImplementedError

    def now_ms(self) -> int:
        """Tell the time as well as it is known: the server's last word plus what passed since."""
        raise NotImplementedError

    @property
    def enrolled(self) -> bool:
        """Whether this laptop belongs to a school yet."""
        raise NotImplementedError

    @property
    def school(self) -> str:
        """The school's name; empty before enrolment."""
        raise NotImplementedError

    def enrol(self, address: str, code: str, laptop_name: str = "") -> None:
        """Join a school. Raises LaptopError with a message for the person."""
        raise NotImplementedError

    def notices(self) -> Tuple[Message, ...]:
        """What was found damaged and put aside when the laptop was opened, in plain words."""
        raise NotImplementedError

    def preference(self, name: str, default: str = "") -> str:
        """Look up a small setting of this machine (the language, the last person)."""
        raise NotImplementedError

    def set_preference(self, name: str, value: str) -> None:
        """Keep a small setting of this machine."""
        raise NotImplementedError

    def people(self) -> Tuple[Person, ...]:
        """List the people who use this laptop, students first, then teachers, by name."""
        raise NotImplementedError

    def person(self, person_id: str) -> Person:
        """Find one of the people. Raises LaptopError ``no-such-person``."""
        raise NotImplementedError

    def lessons(self) -> Tuple[LessonCard, ...]:
        """List all lessons of all installed packs, in the packs' order. Opens no pack."""
        raise NotImplementedError

    def pack(self, pack_id: str) -> Pack:
        """Open an installed pack. Raises LaptopError when it is missing or unreadable."""
        raise NotImplementedError

    def draft(self, person: str, pack: str, lesson: str, task: str) -> Dict[str, object]:
        """Look up the answers typed so far; empty when there are none."""
        raise NotImplementedError

    def save_draft(self, person: str, pack: str, lesson: str, task: str, answers: Answers) -> None:
        """Keep answers not yet handed in. They are on the disk when this returns."""
        raise NotImplementedError

    def hand_in(
        self, person: str, pack: str, lesson: str, task: str, answers: Answers, language: str
    ) -> Work:
        """Write a work into the journal and remove its draft, both or neither.

        A second call with the same answers and no draft in between (a double click) gives the
        same work. A later attempt is a new work; the latest counts.
        """
        raise NotImplementedError

    def works(self, person: str) -> Tuple[Work, ...]:
        """List a person's works, newest first."""
        raise NotImplementedError

    def save_progress(
        self, person: str, pack: str, lesson: str, position_s: float, seen: bool
    ) -> None:
        """Keep how far a person came in a lesson."""
        raise NotImplementedError

    def progress(self, person: str) -> Mapping[Tuple[str, str], Progress]:
        """Look up how far a person came, by (pack, lesson)."""
        raise NotImplementedError

    def class_work(self, teacher: str) -> ClassWork:
        """Show a teacher's class. Raises LaptopError when the person is no teacher."""
        raise NotImplementedError

    def work_detail(self, work: WorkId) -> WorkDetail:
        """Open one work for marking. Raises LaptopError ``no-such-work``."""
        raise NotImplementedError

    def give_mark(self, teacher: str, work: WorkId, points: float, comment: str) -> None:
        """Write a mark into the journal: 0 to the task's points, comment up to 2,000 characters.

        Raises LaptopError when either is out of bounds.
        """
        raise NotImplementedError

    def status(self) -> SyncStatus:
        """Tell how things stand, without touching the network."""
        raise NotImplementedError

    def sync(
        self,
        progress: Optional[Callable[[SyncProgress], None]] = None,
        cancel: Optional[Callable[[], bool]] = None,
    ) -> SyncAccount:
        """Exchange work, then fetch packs. Never raises for the link's or others' data's sake.

        ``progress`` is called on the calling thread; ``cancel`` is asked between pieces.
        """
        raise NotImplementedError
