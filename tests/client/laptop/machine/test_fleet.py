"""The teacher's laptop says what happened to the class's laptops."""

from __future__ import annotations

import shutil

import pytest

from client.laptop.laptop import Laptop
from client.laptop.machine import hardware
from client.messages import LANGUAGES, Messages
from tests.support.clock import TurnableClock
from tests.support.server import School

COPIES = 5


@pytest.fixture
def school(tmp_path):
    made = School(tmp_path / "server", TurnableClock(step_ms=1))
    yield made
    made.close()


@pytest.fixture
def machine(monkeypatch):
    here = ["aaaaaaaa"]
    monkeypatch.setattr(hardware, "mark", lambda _: here[-1])
    return here


def opened(folder, school, clock=None):
    clock = clock or TurnableClock(step_ms=1)
    return Laptop.open(folder, clock=clock, reach=lambda _: school.road())


def news(laptop):
    (teacher,) = laptop.people()
    return [(one.key, one.values["n"]) for one in laptop.class_work(teacher.id).laptops]


def test_laptops_of_one_image_are_told_to_the_teacher_in_one_sentence(tmp_path, school, machine):
    teacher = opened(tmp_path / "teacher", school)
    teacher.enrol("http://school", str(school.code((), ["Сәуле"]).code))
    image = opened(tmp_path / "0", school)
    image.enrol("http://school", str(school.code(["Анна"]).code))
    image.sync()
    image.close()
    teacher.sync()
    assert news(teacher) == []
    for number in range(1, COPIES):
        shutil.copytree(tmp_path / "0", tmp_path / str(number))
    for number in range(COPIES):
        machine.append(f"{number:08x}" if number else "aaaaaaaa")
        copy = opened(tmp_path / str(number), school)
        (anna,) = copy.people()
        copy.hand_in(anna.id, "algebra", "meaning", str(number), {"q": str(number)}, "kk")
        copy.sync()
        assert copy.status().waiting == 0
        copy.close()
    machine.append("aaaaaaaa")
    teacher.sync()
    assert news(teacher) == [("class.laptop.copied", COPIES)]
    (said,) = teacher.class_work(teacher.people()[0].id).laptops
    assert len(teacher.class_work(teacher.people()[0].id).unmarked) == COPIES, "all their work"
    for language in LANGUAGES:
        assert str(COPIES) in Messages(language).text(said)
    teacher.close()
