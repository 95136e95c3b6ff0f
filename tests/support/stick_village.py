"""A school that no network reaches: a server, a teacher's laptop, pupils' laptops, and one stick.

All of it is real (keys, databases, packs, file systems); only the people are made up. What they
write is known here, so that it can be looked for afterwards.
"""

from __future__ import annotations

import base64
import dataclasses
import getpass
import platform
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence, Tuple

from client.laptop.laptop import Laptop
from client.laptop.people import membership as memberships
from client.laptop.people.people import Person
from client.laptop.schoolwork.works import Work
from client.laptop.sticks.account import StickAccount
from sync.enrolment import EnrolmentCode, code_keys
from sync.errors import LinkError
from sync.identity import Identity
from sync.sticks.volume import FolderVolume, find_stick
from sync_server.sticks.visiting import Visitor
from tests.support.byte_search import SHORTEST_BYTES, Search, Secret, of_person
from tests.support.pack_source import PACK
from tests.support.school import CLASS, School

GIVEN = (
    "Айгерім", "Нұрсұлтан", "Дәулетжан", "Жансая", "Ерасыл", "Гүлнұр", "Бекзат", "Қарақат",
    "Мұхаммед", "Әсемгүл",
)  # fmt: skip
FAMILY = ("Тұрсынова", "Сәрсенбаев", "Әбдіғалиева")
TEACHER = "Жүнісова Сәуле Ғабитқызы"
RECORDED = "оқушының дауысы: ".encode()


def names_of_pupils(count: int) -> List[str]:
    """As many different names, at most 30."""
    names = [f"{given} {family}" for family in FAMILY for given in GIVEN]
    return names[:count]


def no_road(address: str) -> Any:
    """What a laptop reaches here when it tries: nobody."""
    raise LinkError("link-unreachable", address)


@dataclasses.dataclass(frozen=True)
class Homework:
    """A task, its answers but one, and the item that everybody answers in words of their own."""

    pack: str = PACK
    lesson: str = "meaning"
    task: str = "check"
    answers: Mapping[str, Any] = dataclasses.field(
        default_factory=lambda: {"root": "b", "same": ["a"], "number": "-5/2"}
    )
    words: str = "why"


@dataclasses.dataclass
class Desk:
    """One laptop, and whoever sits at it."""

    name: str
    laptop: Laptop
    code: str
    work: Optional[Work] = None
    answer: str = ""
    comment: str = ""
    recording: str = ""
    """The name of the file that was attached; empty where none was."""

    @property
    def person(self) -> Person:
        return next(one for one in self.laptop.people() if one.name == self.name)

    def now(self) -> Work:
        """The work that was handed in here, as this laptop knows it now."""
        assert self.work is not None
        works = self.laptop.works(self.person.id)
        (found,) = [one for one in works if one.id == self.work.id]
        return found


class ServerSide(Protocol):
    """The school's server, however it is run."""

    @property
    def identity(self) -> Identity:
        """Its keys, to search for."""
        ...

    def code(
        self, students: Sequence[str] = (), teachers: Sequence[str] = (), laptops: int = 1
    ) -> str:
        """Give out a code."""
        ...

    def take_stick(self, root: Path) -> None:
        """Let a stick visit it."""
        ...


class SchoolHere:
    """The server in this process; its packs are published already."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.identity = school.identity
        self.code = school.code

    def take_stick(self, root: Path) -> None:
        school = self.school
        visitor = Visitor(school.data, school.store, school.identity, school.clock)
        made = visitor.visit(volume_at(root))
        assert (made.problem, made.problems, made.safe) == ("", {}, True), made


def volume_at(root: Path) -> FolderVolume:
    """The stick that is in at ``root``."""
    volume = find_stick(root)
    assert volume is not None, root
    return volume


class Village:
    """The school's server, and desks that only a stick connects with it."""

    def __init__(
        self,
        folder: Path,
        server: ServerSide,
        pupils: int,
        homework: Homework = Homework(),
    ) -> None:
        self._folder, self.server, self.homework = folder, server, homework
        self.names = names_of_pupils(pupils)
        pupils_code = server.code(students=self.names, laptops=pupils)
        codes = [*([pupils_code] * pupils), server.code(teachers=[TEACHER])]
        self.desks = [self._desk(*one) for one in zip((*self.names, TEACHER), codes)]
        self.pupils, self.teacher = self.desks[:-1], self.desks[-1]

    def _desk(self, name: str, code: str) -> Desk:
        number = len(list(self._folder.glob("laptop-*"))) + 1
        return Desk(name, Laptop.open(self._folder / f"laptop-{number}", reach=no_road), code)

    def close(self) -> None:
        for desk in self.desks:
            desk.laptop.close()

    def join(self, desk: Desk, root: Path) -> None:
        """Type the code of a card while the stick is in."""
        desk.laptop.sticks.enrol(root, desk.code, f"Парта {self.desks.index(desk) + 1}")

    def at(self, desk: Desk, root: Path) -> StickAccount:
        """Put a stick into a laptop."""
        account = desk.laptop.sticks.visit(root)
        for problem in (account.problem, *account.set_aside):
            if problem is not None:
                raise RuntimeError(f"{problem.code}: {problem.subject} {problem.detail}")
        return account

    def record(self, desk: Desk) -> None:
        """Speak into a file, which is attached to what is handed in next."""
        path = self._folder / f"{desk.name} оқып тұр.ogg"
        path.write_bytes(b"OggS" + RECORDED * 200)
        desk.recording = desk.laptop.attach(path).name
        path.unlink()

    def hand_in(self, desk: Desk) -> None:
        """Do the task; everybody answers in words of their own."""
        number = self.desks.index(desk)
        desk.answer = f"Екі жағынан {number} алдым да тексердім: {desk.name} шешті"
        task = self.homework
        answers = {**task.answers, task.words: desk.answer}
        answers.update({"voice": [desk.recording]} if desk.recording else {})
        person, laptop = desk.person.id, desk.laptop
        desk.work = laptop.hand_in(person, task.pack, task.lesson, task.task, answers, "kk")

    def mark_all(self) -> int:
        """Let the teacher mark what waits, with a comment of its own for each; returns how many."""
        laptop, person = self.teacher.laptop, self.teacher.person
        by_name = {desk.person.id: desk for desk in self.pupils}
        waiting = laptop.class_work(person.id).unmarked
        for work in waiting:
            desk = by_name[work.person]
            desk.comment = f"Жарайсың, {desk.name}! {self.desks.index(desk)}-сұрағыңа түсте келейік"
            laptop.give_mark(person.id, work.id, 4.75, desk.comment)
        return len(waiting)

    def search(self) -> Search:
        """A search for all that nobody who finds a stick may learn."""
        return Search(self._secrets())

    def _secrets(self) -> List[Secret]:
        found = [
            Secret("a recording", RECORDED),
            *of_person(TEACHER),
            Secret("the class", f"сынып {CLASS}"),
        ]
        for name in self.names:
            found += of_person(name)
        found += [
            Secret("the school's name", "Қарағаш орта"),
            *_keys("server", self.server.identity),
        ]
        for number, desk in enumerate(self.desks, 1):
            found += [
                *(Secret("an answer", text) for text in (desk.answer,) if text),
                *(Secret("a comment", text) for text in (desk.comment,) if text),
                Secret("a laptop's name", f"Парта {number}"),
            ]
            member = memberships.load(self._folder / f"laptop-{number}")
            if member is not None:
                found += _keys(f"laptop {number}", Identity.from_bytes(member.secret))
                found += [Secret("a person's id", one.id) for one in member.people]
        machine = (platform.node(), getpass.getuser())
        found += [Secret("this machine", one) for one in machine if len(one) >= SHORTEST_BYTES]
        return list(dict.fromkeys(found))


def _keys(whose: str, identity: Identity) -> List[Secret]:
    """An identity's seeds, its public keys, and its id in both forms."""
    secret, public = identity.to_bytes(), identity.public
    return [
        *(Secret(f"a secret key of {whose}", secret[at : at + 32]) for at in (0, 32)),
        Secret(f"a public key of {whose}", public.signing),
        Secret(f"a public key of {whose}", public.sealing),
        Secret(f"the id of {whose}", public.id_bytes),
        Secret(f"the id of {whose}", public.device_id),
    ]


def _code(code: str) -> List[Secret]:
    parsed = EnrolmentCode.parse(code)
    keys = code_keys(parsed)
    texts: Tuple[str, ...] = (parsed.digits, str(parsed), str(parsed).replace(" ", "-"))
    return [
        *(Secret("an enrolment code", text) for text in texts),
        Secret("a code's key", keys.request_key),
        Secret("a code's key", keys.answer_key),
        Secret("a code's key", base64.b64encode(keys.answer_key)),
    ]


def statuses(desks: List[Desk]) -> Dict[str, int]:
    """How many works are at each station, by its name."""
    found: Dict[str, int] = {}
    for desk in desks:
        name = desk.now().station.name
        found[name] = found.get(name, 0) + 1
    return found
