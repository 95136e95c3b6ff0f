"""Laptops from one disk image, and laptops set back, that only a stick reaches (law 8)."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path
from typing import Iterator, List

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.sticks.visit import visit
from sync_server.sticks.visiting import Visitor
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS, MemoryRoad, School
from tests.support.stick_volume import MemoryVolume

CIRCLES = 4


class Village:
    """A school's server, laptops that no network reaches, and one stick."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.school = School(folder / "school")
        self.school.publish()
        self.road = MemoryRoad(self.school)
        school = self.school
        self.server = Visitor(school.data, school.store, school.identity, school.clock)
        self.stick = MemoryVolume()
        self.laptops: List[str] = []

    def open(self, name: str) -> Laptop:
        return Laptop.open(self.folder / name, self.school.clock, self.road)

    def enrol(self, name: str) -> None:
        laptop = self.open(name)
        laptop.enrol(ADDRESS, self.school.code(["Айгерім"]))
        laptop.sync()
        laptop.close()
        self.laptops.append(name)

    def image(self, name: str, to: str) -> None:
        """Write one laptop's disk over another's."""
        shutil.rmtree(self.folder / to, ignore_errors=True)
        shutil.copytree(self.folder / name, self.folder / to)

    def hand_in(self, name: str, task: str) -> None:
        laptop = self.open(name)
        pupil = laptop.people()[0].id
        laptop.hand_in(pupil, PACK, "meaning", task, RIGHT_ANSWERS, "kk")
        laptop.close()

    def plug_in(self, name: str) -> None:
        laptop = self.open(name)
        account = visit(laptop, self.stick)
        assert account.problem is None and account.safe, account
        laptop.close()

    def circle(self) -> None:
        """Carry the stick round once: every laptop, then the server."""
        for name in self.laptops:
            self.plug_in(name)
        assert self.server.visit(self.stick).problem == ""

    def works(self, name: str) -> List[str]:
        """Name the tasks that a pupil sees here to have arrived; all must have."""
        laptop = self.open(name)
        works = laptop.works(laptop.people()[0].id)
        laptop.close()
        assert {work.station for work in works} == {Station.SCHOOL}
        return sorted(work.task for work in works)

    def settle(self) -> None:
        for _ in range(CIRCLES):
            self.circle()
        for name in self.laptops:
            self.plug_in(name)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    made = Village(tmp_path)
    made.enrol("laptop")
    made.road.weather.away = True
    yield made
    made.school.close()


def submitted(village: Village) -> List[str]:
    """Name the tasks that the school holds, each as often as it was handed in."""
    database = sqlite3.connect(str(village.school.data.database))
    rows = database.execute("SELECT body FROM records WHERE kind = 'submission'").fetchall()
    database.close()
    return sorted(json.loads(body)["task"] for (body,) in rows)


def test_two_laptops_of_one_image_both_bring_their_work(village: Village) -> None:
    village.image("laptop", "clone")
    village.laptops.append("clone")
    village.hand_in("laptop", "check")
    village.hand_in("clone", "practice")
    village.settle()
    assert submitted(village) == ["check", "practice"]
    for name in village.laptops:
        assert set(village.works(name)) >= {"check" if name == "laptop" else "practice"}


def test_what_was_set_back_and_what_was_written_since_both_arrive(village: Village) -> None:
    village.image("laptop", "image")
    village.hand_in("laptop", "check")
    village.plug_in("laptop")
    village.image("image", "laptop")
    village.hand_in("laptop", "practice")
    village.settle()
    assert submitted(village) == ["check", "practice"]
    assert village.works("laptop") == ["check", "practice"]


def test_a_laptop_set_back_every_day_loses_nothing_that_the_stick_took(village: Village) -> None:
    village.image("laptop", "image")
    for task in ("check", "practice", "check"):
        village.image("image", "laptop")
        village.hand_in("laptop", task)
        village.circle()
    village.settle()
    assert submitted(village) == ["check", "check", "practice"]
