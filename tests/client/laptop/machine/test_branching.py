"""A laptop whose disk was cloned or set back: it syncs as if nothing had happened, and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.messages import Message
from tests.support.clock import TurnableClock
from tests.support.server import School


@pytest.fixture
def school(tmp_path):
    made = School(tmp_path / "server", TurnableClock(step_ms=1))
    yield made
    made.close()


def opened(folder: Path, school: School) -> Laptop:
    return Laptop.open(folder, clock=TurnableClock(step_ms=1), reach=lambda _: school.road())


@pytest.fixture
def pair(tmp_path, school):
    """Two laptops of one disk image."""
    first = opened(tmp_path / "first", school)
    code = school.code(["Анна"], ["Сәуле"], laptops=1)
    first.enrol("http://school", str(code.code), "Ноутбук")
    hand_in(first, "before")
    first.sync()
    first.close()
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    laptops = [opened(tmp_path / name, school) for name in ("first", "second")]
    yield laptops
    for laptop in laptops:
        laptop.close()


def hand_in(laptop, answer):
    anna = next(one for one in laptop.people() if not one.is_teacher)
    return laptop.hand_in(anna.id, "algebra", "meaning", answer, {"q": answer}, "kk")


def works(laptop):
    anna = next(one for one in laptop.people() if not one.is_teacher)
    return laptop.works(anna.id)


def test_both_clones_go_on_and_show_the_same_works(pair):
    first, second = pair
    hand_in(first, "one")
    hand_in(second, "two")
    assert first.sync().notice is None
    account = second.sync()
    assert account.problem is None
    assert account.notice == Message("status.copied-or-set-back", {"n": 1})
    assert second.status().notice == account.notice
    assert second.status().set_aside == ()
    first.sync()
    for laptop in pair:
        assert sorted(work.task for work in works(laptop)) == ["before", "one", "two"]
        assert {work.station for work in works(laptop)} == {Station.SCHOOL}
    assert second.sync().notice is None


def test_a_laptop_set_back_keeps_what_it_has_and_gets_the_rest(pair, tmp_path, school):
    first = pair[0]
    hand_in(first, "received")
    first.sync()
    first.close()
    shutil.rmtree(tmp_path / "first")
    pair[1].close()
    shutil.copytree(tmp_path / "second", tmp_path / "first")
    back = pair[0] = opened(tmp_path / "first", school)
    hand_in(back, "after")
    assert back.sync().problem is None
    assert sorted(work.task for work in works(back)) == ["after", "before", "received"]
    back.close()
    back = pair[0] = opened(tmp_path / "first", school)
    hand_in(back, "later")
    account = back.sync()
    assert account.problem is None and account.notice is None
    assert back.status().waiting == 0


def test_work_written_under_the_old_name_at_the_last_moment_is_carried_over(pair):
    first, second = pair
    hand_in(first, "one")
    first.sync()
    anna = next(one for one in second.people() if not one.is_teacher)
    late = second._store.journal()
    hand_in(second, "two")
    second.sync()
    body = dict(late.of_kind("submission")[-1].body, task="late")
    late.append(anna.id, "submission", body)
    second.sync()
    first.sync()
    assert sorted(work.task for work in works(first)) == ["before", "late", "one", "two"]


def test_a_further_code_is_for_the_identity_that_writes_now(pair, school):
    first, second = pair
    hand_in(first, "one")
    first.sync()
    hand_in(second, "two")
    second.sync()
    code = school.code(["Болат"], class_name="8А")
    second.enrol("http://school", str(code.code), "Ноутбук")
    bolat = next(one for one in second.people() if one.name == "Болат")
    second.hand_in(bolat.id, "algebra", "meaning", "his", {"q": "x"}, "kk")
    account = second.sync()
    assert account.problem is None
    assert second.status().set_aside == ()


def test_a_database_set_back_alone_loses_no_work_that_was_waiting(pair, tmp_path, school):
    first, second = pair
    hand_in(first, "one")
    first.sync()
    hand_in(second, "two")
    second.close()
    shutil.copy(str(tmp_path / "second" / "keruen.db"), str(tmp_path / "image"))
    second = opened(tmp_path / "second", school)
    second.sync()
    assert second.status().notice is not None
    hand_in(second, "three")
    second.close()
    for side in ("-wal", "-shm"):
        (tmp_path / "second" / f"keruen.db{side}").unlink(missing_ok=True)
    shutil.copy(str(tmp_path / "image"), str(tmp_path / "second" / "keruen.db"))
    second = opened(tmp_path / "second", school)
    hand_in(second, "four")
    assert second.sync().problem is None
    assert second.status().waiting == 0
    assert sorted(work.task for work in works(second)) == ["before", "four", "one", "two"]
    first.sync()
    assert sorted(work.task for work in works(first)) == ["before", "four", "one", "two"]
    second.close()
