"""Coming back with nobody's help: real laptops and a real server over HTTP.

A laptop that was away for a year, a server from yesterday's backup, a class from one disk image,
and records that a server does not accept.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from client.laptop.laptop import Laptop
from client.laptop.road import OverHttp
from client.laptop.schoolwork.works import Station
from client.laptop.storage.tidying import KEPT_MS, tidy
from sync.kinds import PROGRESS, SUBMISSION
from sync_server.backups.making import back_up
from sync_server.backups.restoring import Backup, restore
from sync_server.data_folder import DataFolder
from sync_server.status import describe
from tests.support.clock import IN_2003_MS, NOW_MS, YEAR_MS, TurnableClock
from tests.support.server import School, running_server

ANNA, BOLAT, SAULE = "Анна", "Болат", "Сәуле"
DAY_MS = 24 * 3600 * 1000


class Town:
    """A school's server that runs, may be stopped, and may come back from a backup."""

    def __init__(self, root: Path) -> None:
        self.clock = TurnableClock(NOW_MS, step_ms=1)
        self._root = root
        self._running = contextlib.ExitStack()
        self._address = ""
        School(root / "server-0", self.clock).close()
        self._turn = 0
        self._start()

    @property
    def folder(self) -> DataFolder:
        return DataFolder(self._root / f"server-{self._turn}")

    def _start(self) -> None:
        self._address = self._running.enter_context(running_server(self.folder.root, self.clock))

    def reach(self, address: str) -> Any:
        """Wherever the server is today: laptops know its keys, whatever its address."""
        return OverHttp()(self._address)

    def code(self, *students: str, teachers: Any = (), laptops: int = 1) -> str:
        school = School(self.folder.root, self.clock)
        code = str(school.code(students, teachers, laptops=laptops).code)
        school.close()
        return code

    def back_up(self) -> Path:
        place = self._root / "backup"
        back_up(self.folder, place)
        return place

    def lose_all_since(self, backup: Path) -> None:
        self._running.close()
        self._turn += 1
        restore(Backup(backup), self.folder)
        self._start()

    def rows(self, kind: str) -> List[str]:
        """The bodies of all kept records of a kind."""
        db = sqlite3.connect(str(self.folder.database))
        rows = db.execute("SELECT body FROM records WHERE kind = ?", (kind,)).fetchall()
        db.close()
        return [body for (body,) in rows]

    def status(self) -> Any:
        with self.folder.store() as store:
            return describe(store, self.folder.root, self.clock.now_ms())

    def close(self) -> None:
        self._running.close()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.close()


@pytest.fixture
def laptop(town: Town, tmp_path: Path) -> Iterator[Any]:
    """Return a function that makes, or opens, a laptop of this school."""
    opened: List[Laptop] = []

    def open_one(name: str, code: str = "", clock: Any = None) -> Laptop:
        clock = clock or TurnableClock(NOW_MS, step_ms=1)
        opened.append(Laptop.open(tmp_path / name, clock=clock, reach=town.reach))
        if code:
            opened[-1].enrol("http://school", code, name)
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def hand_in(laptop: Laptop, answer: str, name: str = ANNA) -> Any:
    person = next(one for one in laptop.people() if one.name == name)
    return laptop.hand_in(person.id, "algebra", "meaning", answer, {"q": answer}, "kk")


def works(laptop: Laptop, name: str = ANNA) -> Dict[str, Any]:
    person = next(one for one in laptop.people() if one.name == name)
    found = laptop.works(person.id)
    shown = {work.task: work for work in found}
    assert len(shown) == len(found), "doubled"
    return shown


def mark(laptop: Laptop, work: Any) -> None:
    teacher = next(one for one in laptop.people() if one.is_teacher)
    laptop.give_mark(teacher.id, work.id, 7, "Жарайсың")


def test_a_laptop_that_was_away_for_a_year(town: Town, laptop: Any) -> None:
    clock = TurnableClock(NOW_MS, step_ms=1)
    away = laptop("away", town.code(ANNA), clock)
    desk = laptop("desk", town.code(BOLAT, teachers=[SAULE]))
    first = hand_in(away, "first")
    away.sync()
    desk.sync()
    mark(desk, first)
    desk.sync()

    anna, journal = away.people()[0].id, away._store.journal()
    with away._store.database.transaction():
        for at in range(1200):
            clock.time_ms += YEAR_MS // 1200
            if at % 20 == 0:
                hand_in(away, f"week-{at}")
            body = {"pack": "algebra", "lesson": "meaning", "position_s": at, "seen": at > 600}
            journal.append(anna, PROGRESS, body)
    for at in range(5):
        town.clock.time_ms += YEAR_MS // 5
        hand_in(desk, f"own-{at}", BOLAT)
        desk.sync()
    # The battery is dead, and nobody sets a clock here.
    clock.time_ms = IN_2003_MS

    account = away.sync()
    assert account.problem is None
    assert account.requests < 20
    assert away.status().waiting == 0
    assert len(town.rows(SUBMISSION)) == 61 + 5
    assert len(town.rows(PROGRESS)) == 1200
    assert {work.station for work in works(away).values()} == {Station.SCHOOL, Station.MARKED}
    assert works(away)["first"].mark.points == 7
    desk.sync()
    saule = next(one for one in desk.people() if one.is_teacher)
    assert len(desk.class_work(saule.id).unmarked) == 60 + 5

    # A month later, on a full disk, what was replaced leaves, and it still syncs as ever.
    before = works(away), away.progress(anna)
    town.clock.time_ms += KEPT_MS + DAY_MS
    away.sync()
    left = tidy(away._store, 0)
    assert left is not None and left.journal > 1000
    assert (works(away), away.progress(anna)) == before
    hand_in(away, "after")
    assert away.sync().problem is None
    assert len(town.rows(SUBMISSION)) == 62 + 5


def test_a_server_from_yesterday_s_backup(town: Town, laptop: Any) -> None:
    anna, bolat = laptop("a", town.code(ANNA)), laptop("b", town.code(BOLAT))
    desk = laptop("desk", town.code(teachers=[SAULE]))
    everybody = (anna, bolat, desk)
    hand_in(anna, "monday")
    for one in everybody:
        one.sync()
    backup = town.back_up()

    today = hand_in(anna, "tuesday"), hand_in(bolat, "tuesday", BOLAT)
    for one in everybody:
        one.sync()
    for work in today:
        mark(desk, work)
    for one in (desk, anna, bolat):
        one.sync()
    before = works(anna), works(bolat, BOLAT)
    assert [len(town.rows(kind)) for kind in (SUBMISSION, "mark")] == [3, 2]
    waiting = hand_in(bolat, "wednesday", BOLAT)

    town.lose_all_since(backup)
    assert [len(town.rows(kind)) for kind in (SUBMISSION, "mark")] == [1, 0]
    for one in (*everybody, *everybody):
        account = one.sync()
        assert (account.problem, account.notice, one.status().set_aside) == (None, None, ())
    assert [len(town.rows(kind)) for kind in (SUBMISSION, "mark")] == [4, 2]
    assert works(anna) == before[0]
    shown = works(bolat, BOLAT)
    assert shown.pop("wednesday").id == waiting.id
    assert shown == before[1]
    assert [one.status().waiting for one in everybody] == [0, 0, 0]


def test_a_class_of_thirty_laptops_from_one_image(town: Town, laptop: Any, tmp_path: Path) -> None:
    image = laptop("image", town.code(ANNA, laptops=1))
    desk = laptop("desk", town.code(teachers=[SAULE]))
    hand_in(image, "before")
    image.sync()
    image.close()
    for at in range(30):
        shutil.copytree(str(tmp_path / "image"), str(tmp_path / f"copy-{at}"))
    copies = [laptop(f"copy-{at}") for at in range(30)]
    for at, copy in enumerate(copies):
        hand_in(copy, f"copy-{at}")
    notices = [copy.sync().notice for copy in copies]
    assert sum(notice is not None for notice in notices) == 29
    for copy in copies:
        assert copy.sync().problem is None
    everything = {"before", *(f"copy-{at}" for at in range(30))}
    for copy in copies:
        assert set(works(copy)) == everything
        assert (copy.status().waiting, copy.status().set_aside) == (0, ())
    assert len(town.rows(SUBMISSION)) == 31
    desk.sync()
    saule = next(one for one in desk.people() if one.is_teacher)
    assert {work.task for work in desk.class_work(saule.id).unmarked} == everything
    assert len(town.status()["laptops"]) == 31


def test_one_record_that_is_refused_is_reported_and_the_rest_proceeds(
    town: Town, laptop: Any
) -> None:
    anna = laptop("a", town.code(ANNA))
    desk = laptop("desk", town.code(teachers=[SAULE]))
    first = hand_in(anna, "first")
    bad = anna._store.journal().append("nobody", PROGRESS, {
        "pack": "p", "lesson": "l", "position_s": 1, "seen": True,
    })  # fmt: skip
    last = hand_in(anna, "last")
    account = anna.sync()
    assert account.problem is None
    (aside,) = anna.status().set_aside
    assert (aside.code, aside.detail) == ("record-refused", "record-not-permitted")
    assert str(bad.seq) in aside.subject
    assert anna._store.journal().state(bad.seq).refused == "record-not-permitted"
    assert (anna.status().waiting, len(town.rows(SUBMISSION))) == (0, 2)
    desk.sync()
    saule = next(one for one in desk.people() if one.is_teacher)
    assert {work.id for work in desk.class_work(saule.id).unmarked} == {first.id, last.id}
    assert town.status()["refused"] == 1
    assert anna.sync().problem is None
