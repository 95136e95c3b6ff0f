"""A sealed test opens by itself when the school's server says so, and not before."""

from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.packs.school_openings import codes
from content.commands.codes import pack_codes
from content.sealing.code import plain_code
from sync.kinds import OPENING
from sync.record import Record
from sync_server.lessons.openings import Opening, plan_opening
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.content.sealing.samples import ASKED, as_toml, sealed_task
from tests.support.laptop import TurnableClock
from tests.support.pack_source import PACK, write_source
from tests.support.school import ADDRESS, CLASS, MemoryRoad, School

HOUR_MS = 3_600_000
WHERE = (PACK, "meaning", "check")
RIGHT = {"n": "31415926", "s": "geheimnis", "c": "b"}


@pytest.fixture
def server_clock():
    return TurnableClock()


@pytest.fixture
def school(tmp_path, server_clock):
    school = School(tmp_path / "school", server_clock)
    yield school
    school.close()


@pytest.fixture
def card(tmp_path, school):
    """The author's card of a sealed test that the school has published."""
    source = write_source(tmp_path / "source", lessons=("meaning",), video_bytes=0)
    task = source / "lessons" / "meaning" / "tasks" / "check.toml"
    task.write_text(as_toml(sealed_task("all")), encoding="utf-8")
    school.publish_folder(source)
    return {one.part: one.code for one in pack_codes(source, school.publisher)}


def plan(school, code, in_ms=0):
    now_ms = school.clock.now_ms()
    with school.store.transaction() as transaction:
        wanted = Opening(*WHERE, plain_code(code), CLASS, "", now_ms + in_ms)
        plan_opening(transaction, wanted)


def pupil(laptop):
    return next(person.id for person in laptop.people() if not person.is_teacher)


def said(laptop):
    with pytest.raises(LaptopError) as closed:
        laptop.task(pupil(laptop), *WHERE, 1)
    return closed.value.code


def on_disk(folder):
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_it_opens_when_the_server_says_so_and_no_clock_of_a_laptop_helps(
    tmp_path, joined, school, card, clock, server_clock
):
    plan(school, card["questions"], HOUR_MS)
    joined.sync()
    clock.offset_ms = 5 * HOUR_MS
    joined.sync()
    assert said(joined) == "sealed"
    code = plain_code(card["questions"]).encode()
    assert code not in on_disk(tmp_path / "laptop")
    assert ASKED.encode() not in on_disk(tmp_path / "laptop")
    server_clock.offset_ms = HOUR_MS
    joined.sync()
    task = joined.task(pupil(joined), *WHERE, 1)
    assert (task.key_sealed, task.item("n").id) == (True, "n")
    work = joined.hand_in(pupil(joined), *WHERE, RIGHT, "kk")
    assert work.points is None
    plan(school, card["key"])
    joined.sync()
    detail = joined.work_detail(work.id)
    assert detail.score.items["n"].correct
    assert not detail.task.key_sealed


def test_a_code_may_come_before_its_pack_and_the_key_is_kept(tmp_path, school, card, clock, road):
    laptop = Laptop.open(tmp_path / "laptop", clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)))
    plan(school, card["key"])
    laptop.exchange()
    assert said(laptop) == "pack-missing"
    laptop.sync()
    assert not laptop.task(pupil(laptop), *WHERE, 1).key_sealed
    with laptop._store.database.transaction() as connection:
        connection.execute("DELETE FROM sync_inbox WHERE kind = 'opening'")
    laptop.close()
    again = Laptop.open(tmp_path / "laptop", clock, MemoryRoad(school))
    assert not again.task(pupil(again), *WHERE, 1).key_sealed
    again.close()


def test_a_mistyped_code_opens_nothing_is_told_and_harms_no_other(joined, school, card):
    plan(school, "0000-0000-0000")
    joined.sync()
    assert said(joined) == said(joined) == "opening-wrong"
    plan(school, card["questions"])
    joined.sync()
    assert joined.task(pupil(joined), *WHERE, 1).key_sealed


def test_a_typed_code_opens_it_whatever_the_school_sent(joined, school, card):
    plan(school, "0000-0000-0000")
    joined.sync()
    assert said(joined) == "opening-wrong"
    joined.unlock(pupil(joined), *WHERE, card["questions"])
    assert joined.task(pupil(joined), *WHERE, 1).key_sealed


def test_a_teacher_is_told_that_it_is_sealed_also_after_a_wrong_code(joined, school, card):
    joined.sync()
    work = joined.hand_in(pupil(joined), *WHERE, RIGHT, "kk")
    plan(school, "0000-0000-0000")
    joined.sync()
    assert joined.work_detail(work.id).sealed


def test_openings_of_what_is_not_here_harm_nothing(joined, school, card):
    with school.store.transaction() as transaction:
        for place in (("unknown", "l", "t"), (PACK, "meaning", "none"), (PACK, "none", "check")):
            plan_opening(transaction, Opening(*place, "0" * 12, CLASS, "", 0))
    account = joined.sync()
    assert account.problem is None
    assert said(joined) == "sealed"


def test_codes_are_those_of_the_task_newest_first_each_once(joined):
    inbox = joined._store.inbox()
    body = {"pack": "p", "lesson": "l", "task": "t"}
    for seq, (task, code) in enumerate(
        [("t", "1" * 12), ("t", "2" * 12), ("u", "3" * 12), ("t", "1" * 12)], 1
    ):
        record = {**body, "task": task, "code": code}
        inbox.store([Record("A" * 22, seq, seq << 16, "x", OPENING, record)])
    inbox.store([Record("A" * 22, 9, 9 << 16, "x", OPENING, {**body, "code": "../../../.."})])
    connection = joined._store.database.connection
    assert codes(connection, "p", "l", "t") == ("1" * 12, "2" * 12)
    assert codes(connection, "p", "l", "v") == ()
    assert len(inbox.quarantined()) == 1
