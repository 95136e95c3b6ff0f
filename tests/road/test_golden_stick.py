"""Sticks that were frozen when their format was made: every later version must read them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.sticks.joining import enrol
from sync.sticks.marker import FORMAT
from sync_server.sticks.visiting import Visitor
from tests.support.clock import TurnableClock
from tests.support.frozen_stick import FROZEN, Thawed, freeze, thaw
from tests.support.pack_source import PACK
from tests.support.stick_village import RECORDED, no_road, volume_at

SAMPLES = sorted(FROZEN.glob("format-*"))


def test_there_is_a_sample_of_the_format() -> None:
    assert FROZEN / f"format-{FORMAT}" in SAMPLES


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_frozen_stick_is_read(sample: Path, tmp_path: Path) -> None:
    read_all(thaw(sample, tmp_path / "thawed"))


def test_a_stick_of_today_would_thaw(tmp_path: Path) -> None:
    (tmp_path / "frozen").mkdir()
    freeze(tmp_path / "frozen")
    read_all(thaw(tmp_path / "frozen", tmp_path / "thawed"))


def read_all(thawed: Thawed) -> None:
    """Everything on the stick reaches whom it is for."""
    a_laptop_gets_its_mark(thawed)
    a_laptop_joins_and_learns(thawed)
    the_server_gets_the_work(thawed)


def a_laptop_gets_its_mark(thawed: Thawed) -> None:
    laptop = thawed.pupil()
    person = thawed.expected["marked"]
    assert [work.station for work in laptop.works(person)] == [Station.SENT]
    account = laptop.sticks.visit(thawed.drive)
    assert (account.problem, account.set_aside) == (None, ())
    (work,) = laptop.works(person)
    laptop.close()
    assert work.station == Station.MARKED
    assert work.mark is not None
    assert work.mark.comment == thawed.expected["comment"]


def a_laptop_joins_and_learns(thawed: Thawed) -> None:
    laptop = Laptop.open(thawed.folder / "newcomer", reach=no_road)
    enrol(laptop.store, volume_at(thawed.drive), thawed.expected["code"])
    account = laptop.sticks.visit(thawed.drive)
    assert (account.problem, account.set_aside) == (None, ())
    cards = laptop.lessons()
    person = laptop.people()[0].id
    assert laptop.task(person, PACK, "meaning", "check", 1).items
    laptop.close()
    assert [(card.lesson, card.video_ready) for card in cards] == [("meaning", True)]


def the_server_gets_the_work(thawed: Thawed) -> None:
    data, clock = thawed.server(), TurnableClock(thawed.expected["time_ms"] + 60_000)
    with data.store() as store:
        visit = Visitor(data, store, data.identity(), clock).visit(volume_at(thawed.drive))
        assert (visit.problem, visit.problems, visit.damaged) == ("", {}, ())
        assert visit.files_taken == 1
    db = sqlite3.connect(str(data.database))
    rows = db.execute("SELECT person, body FROM records WHERE kind = 'submission'").fetchall()
    db.close()
    answers = {person: json.loads(body)["answers"]["why"] for person, body in rows}
    assert answers == thawed.expected["answers"]
    sealed = list(data.attachments.glob("??/*"))
    assert len(sealed) == 1
    assert RECORDED not in sealed[0].read_bytes()
