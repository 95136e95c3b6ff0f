"""A laptop that two pupils and a visiting teacher share, the teacher's own, and their school.

Everything is real but the network. What is written is known, so that it can be looked for.
"""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from client.laptop.laptop import Laptop
from client.laptop.people.people import Person
from client.laptop.schoolwork.works import Work
from client.vaults.cabinet import Cabinet
from client.vaults.keys import OpenVault, derived
from client.vaults.row_keys import RowKeys
from client.vaults.secrets import Secret as Known
from client.vaults.secrets import password, pictures, pin
from tests.support.byte_search import Search, Secret
from tests.support.pack_source import PACK
from tests.support.school import ADDRESS, MemoryRoad, School

GIRL, BOY = "Айгерім Тұрсынбекова", "Дәулетжан Сәрсенбайұлы"
TEACHER = "Сәуле Ғабитқызы Жүнісова"
HIDDEN_NAMES = (GIRL, "Тұрсынбекова", BOY, "Сәрсенбайұлы", TEACHER, "Жүнісова")
"""What the first screen does not show."""
SECRETS: Dict[str, Known] = {
    GIRL: pin("270519830412"),
    BOY: pictures(["butterfly", "yurt", "rocket", "yurt"]),
    TEACHER: password("жұлдызды аспан"),
}
POINTS = 4.37
SPOKEN = "оқушының дауысы: ".encode()


@dataclasses.dataclass(frozen=True)
class Task:
    """Which task of the pack."""

    lesson: str
    name: str


CHECK = Task("meaning", "check")
EXPLAIN = Task("solving", "explain")
CARAVAN = Task("problems", "caravan")


def answer_of(name: str, number: int) -> str:
    """What somebody writes, in words that nobody else writes."""
    return f"{number}-жауабым: екі жағынан алдым, {name} осылай шешті"


def comment_for(name: str, number: int) -> str:
    """What the teacher says to that."""
    return f"{number}-жұмысың жақсы, {name}, сұрағыңа түсте келейік"


class SharedLaptop:
    """The school, the shared laptop (``laptop``) and the teacher's own (``desk``)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.school = School(folder / "school")
        self.school.publish(PACK, 1, video_bytes=20_000)
        self.road = MemoryRoad(self.school)
        self.laptop = self._join("shared", self.school.code([GIRL, BOY], [TEACHER]))
        self.desk = self._join("desk", self.school.code(teachers=[TEACHER]))
        self.ids = {person.name: person.id for person in self.laptop.people()}
        self.answers: List[str] = []
        self.comments: List[str] = []

    def _join(self, name: str, code: str) -> Laptop:
        laptop = Laptop.open(self.folder / name, reach=self.road)
        laptop.enrol(ADDRESS, code, name)
        laptop.sync()
        return laptop

    @property
    def data(self) -> Path:
        """The shared laptop's folder."""
        return self.folder / "shared"

    def sit_down(self, name: str, laptop: Optional[Laptop] = None) -> Person:
        """Unlock with what somebody knows, the first time by choosing it."""
        person, at = self.ids[name], laptop or self.laptop
        vaults = at.vaults
        (vaults.open if vaults.kind(person) else vaults.create)(person, SECRETS[name])
        return at.person(person)

    def type(self, name: str, number: int, task: Task = EXPLAIN) -> None:
        """Type an answer and leave it there."""
        answer = answer_of(name, number)
        self.laptop.save_draft(self.ids[name], PACK, task.lesson, task.name, {"why": answer})
        self.answers.append(answer)

    def hand_in(self, name: str, number: int, file: str = "", task: Task = CHECK) -> Work:
        """Hand in an answer, with a file where one is named."""
        answer = answer_of(name, number)
        answers = {"root": "b", "same": ["a"], "number": "-5/2", "why": answer}
        answers.update({"voice": [file]} if file else {})
        self.answers.append(answer)
        person = self.ids[name]
        return self.laptop.hand_in(person, PACK, task.lesson, task.name, answers, "kk")

    def record(self, name: str) -> str:
        """Attach a recording; return its name in answers."""
        path = self.folder / f"{name} оқып тұр.ogg"
        path.write_bytes(b"OggS" + SPOKEN * 200)
        attached = self.laptop.attach(path).name
        path.unlink()
        return attached

    def mark_all(self, laptop: Laptop) -> int:
        """Let the teacher mark what waits on a laptop; return how many there were."""
        teacher = self.ids[TEACHER]
        names = {self.ids[name]: name for name in (GIRL, BOY)}
        waiting = laptop.class_work(teacher).unmarked
        for work in waiting:
            comment = comment_for(names[work.person], len(self.comments))
            laptop.give_mark(teacher, work.id, POINTS, comment)
            self.comments.append(comment)
        return len(waiting)

    def start_again(self) -> None:
        """Close the programme and open it."""
        self.laptop.close()
        self.laptop = Laptop.open(self.data, reach=self.road)

    def close(self) -> None:
        """Let go of everything."""
        for each in (self.laptop, self.desk, self.school):
            each.close()

    def search(self) -> Search:
        """A search for what nobody may find on the shared laptop while it is locked."""
        return Search(
            [
                *(Secret(f"the name {name}", name) for name in HIDDEN_NAMES),
                *(Secret("an answer", text) for text in self.answers),
                *(Secret("a comment", text) for text in self.comments),
                Secret("a mark", f'"points":{POINTS}'),
                Secret("a recording", SPOKEN),
                Secret("the name of a file", "оқып тұр"),
                *(Secret("a secret", known.text) for known in SECRETS.values()),
                *self._keys(),
            ]
        )

    def _keys(self) -> List[Secret]:
        """Every key of the vaults and of their rows."""
        found: List[Secret] = []
        aside = self.folder / "aside"
        shutil.copytree(self.data, aside)
        db = sqlite3.connect(str(aside / "keruen.db"))
        for name, secret in SECRETS.items():
            person = self.ids[name]
            if Cabinet(aside).has(person):
                vault = Cabinet(aside).open(person, secret)
                found += [Secret(what, key) for what, key in _keys_of(vault, db)]
        db.close()
        shutil.rmtree(aside)
        return found


def _keys_of(vault: OpenVault, db: sqlite3.Connection) -> List[Tuple[str, bytes]]:
    labels = ("rows", "sealing", "signing")
    found = [("a vault's key", vault.data_key)]
    found += [(f"a key for {label}", derived(vault.data_key, label)) for label in labels]
    rows = RowKeys(lambda _: None)
    rows.sit_down(db, vault)
    return found + [("a key of rows", key) for key in rows._known.values()]
