"""A laptop that was copied, set back or put into another case says so at its next contact."""

from __future__ import annotations

import shutil

import pytest

from client.laptop.laptop import Laptop
from client.laptop.machine import hardware, reporting
from sync.fleet import Change, tell
from sync.kinds import DEVICE_REPORT
from tests.support.clock import TurnableClock
from tests.support.server import School

OLD, OTHER, THIRD = "aaaaaaaa", "bbbbbbbb", "cccccccc"


@pytest.fixture
def machine(monkeypatch):
    """The machine on which all runs now; put another one into the list."""
    here = [OLD]
    monkeypatch.setattr(hardware, "mark", lambda _: here[-1])
    return here


@pytest.fixture
def school(tmp_path):
    made = School(tmp_path / "server", TurnableClock(step_ms=1))
    yield made
    made.close()


def opened(folder, school):
    return Laptop.open(folder, clock=TurnableClock(step_ms=1), reach=lambda _: school.road())


@pytest.fixture
def laptop(tmp_path, school, machine):
    made = opened(tmp_path / "first", school)
    made.enrol("http://school", str(school.code(["Анна"], laptops=1).code), "Ноутбук")
    hand_in(made, "before")
    made.sync()
    yield made
    made.close()


def hand_in(laptop, answer):
    (anna,) = laptop.people()
    laptop.hand_in(anna.id, "algebra", "meaning", answer, {"q": answer}, "kk")


def reports(laptop):
    return laptop.store.journal().of_kind(DEVICE_REPORT)


def changes(laptop):
    return [(one.change, one.count) for one in tell(reports(laptop), 0)]


def test_a_laptop_that_stays_what_it_is_reports_nothing(laptop):
    hand_in(laptop, "more")
    laptop.sync()
    assert reports(laptop) == ()


def test_a_disk_in_another_case_is_told_once_with_the_next_exchange(laptop, machine):
    machine.append(OTHER)
    account = laptop.sync()
    assert changes(laptop) == [(Change.MOVED, 1)]
    assert laptop.store.journal().received_seq == laptop.store.journal().head.seq
    assert account.problem is None and account.notice is None
    laptop.sync()
    assert len(reports(laptop)) == 1
    machine.append(OLD)
    laptop.sync()
    assert len(reports(laptop)) == 2, "and when it comes back"


def test_a_machine_that_cannot_be_told_is_no_other_one(laptop, machine):
    machine.append("")
    laptop.sync()
    machine.append(OLD)
    laptop.sync()
    assert reports(laptop) == ()


def test_copies_are_told_from_each_other_in_the_same_sync(tmp_path, laptop, school, machine):
    laptop.close()
    shutil.copytree(tmp_path / "first", tmp_path / "second")
    first, second = opened(tmp_path / "first", school), opened(tmp_path / "second", school)
    hand_in(first, "one")
    hand_in(second, "two")
    first.sync()
    machine.append(OTHER)
    assert second.sync().notice is not None
    assert changes(second) == [(Change.COPIED, 2)]
    assert second.store.journal().received_seq == second.store.journal().head.seq
    first.close()
    second.close()


def test_a_laptop_that_is_set_back_says_so_before_it_is_set_back_again(tmp_path, laptop, school):
    laptop.close()
    shutil.copytree(tmp_path / "first", tmp_path / "image")
    told = []
    for day in range(2):
        shutil.rmtree(tmp_path / "first")
        shutil.copytree(tmp_path / "image", tmp_path / "first")
        today = opened(tmp_path / "first", school)
        hand_in(today, f"day {day}")
        today.sync()
        told += reports(today)
        assert today.store.journal().received_seq == today.store.journal().head.seq
        today.close()
    # On the first day nothing contradicts: the image had sent all it had.
    assert [(one.change, one.count) for one in tell(told, 0)] == [(Change.SET_BACK, 1)]


def test_each_class_of_the_laptop_has_somebody_who_reports(tmp_path, school, machine):
    laptop = opened(tmp_path / "home", school)
    for class_name, name in (("7А", "Анна"), ("2Ә", "Болат"), ("7А", "Сәуле")):
        code = school.code([name], laptops=1, class_name=class_name)
        laptop.enrol("http://school", str(code.code))
    machine.append(OTHER)
    laptop.sync()
    people = {one.id: one.class_name for one in laptop.people()}
    assert sorted(people[one.person] for one in reports(laptop)) == ["2Ә", "7А"]
    laptop.close()


def test_what_fails_here_keeps_no_work_back(laptop, machine, monkeypatch):
    machine.append(OTHER)
    hand_in(laptop, "more")

    def refuse(*_):
        raise OSError("no such disk")

    with monkeypatch.context() as patch:
        patch.setattr(reporting.shutil, "disk_usage", refuse)
        laptop.sync()
    assert reports(laptop) == ()
    assert laptop.status().waiting == 0
    laptop.sync()
    assert changes(laptop) == [(Change.MOVED, 1)]
