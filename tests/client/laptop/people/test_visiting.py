"""A teacher on a pupil's laptop: what they did reaches the school, and nothing stays behind."""

from __future__ import annotations

import json

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.people import visiting
from client.laptop.people.visiting import sweep
from client.vaults.cabinet import Cabinet
from client.vaults.secrets import pin
from sync.kinds import MARK, ROSTER, SUBMISSION
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.laptop import TurnableClock
from tests.support.school import ADDRESS

OTHER = "Басқа Сыныптас"


@pytest.fixture
def visited(tmp_path, school, road):
    """A pupil's laptop, a classmate's with a work handed in, and the teacher's code."""
    laptops = []
    for name, who in (("visited", STUDENTS[0]), ("classmate", OTHER)):
        laptop = Laptop.open(tmp_path / name, TurnableClock(), road)
        laptop.enrol(ADDRESS, school.code([who]))
        laptops.append(laptop)
    here, there = laptops
    there.hand_in(there.people()[0].id, "p", "l", "t", {"q": "құпия"}, "kk")
    there.exchange()
    here.exchange()
    yield here, school.code(teachers=[TEACHER])
    for laptop in laptops:
        laptop.close()


def visit(laptop, code):
    with laptop.visits.coming():
        laptop.enrol(ADDRESS, code)
    teacher = next(one for one in laptop.people() if one.is_teacher)
    laptop.vaults.create(teacher.id, pin("2580"))
    laptop.exchange()
    return teacher.id


def others(laptop):
    """Records of people who do not use this laptop, except what a class's pupils all have."""
    own = {one.id for one in laptop.people()}
    inbox = laptop.store.inbox()
    return [
        one
        for kind in (SUBMISSION, MARK, ROSTER)
        for one in inbox.of_kind(kind)
        if one.person not in own and one.body.get("role") != "teacher"
    ]


def granted(school, laptop):
    with school.store.transaction() as transaction:
        return {one.id for one in transaction.granted(laptop.store.journal().device)}


def test_the_key_and_the_name_go_at_once_and_the_class_once_the_school_knows(visited, school):
    here, code = visited
    (pupil,) = here.people()
    teacher = visit(here, code)
    (work,) = here.class_work(teacher).unmarked
    here.give_mark(teacher, work.id, 0.0, "Жарайсың")
    assert others(here)
    assert here.visits.see_off(teacher)
    assert not Cabinet(here.store.folder).has(teacher)
    assert [one.id for one in here.people()] == [pupil.id]
    assert not here.visits.see_off(teacher)
    assert here.exchange().problem is None
    assert others(here) == []
    assert granted(school, here) == {pupil.id}
    for _ in range(2):
        here.exchange()
    assert others(here) == []
    marks = school.store._connection.execute("SELECT count(*) FROM records WHERE kind = 'mark'")
    assert marks.fetchone() == (1,)


def test_what_is_not_sent_yet_stays_until_it_is(visited, school, road):
    here, code = visited
    teacher = visit(here, code)
    (work,) = here.class_work(teacher).unmarked
    here.give_mark(teacher, work.id, 0.0, "Жарайсың")
    here.visits.see_off(teacher)
    road.weather.away = True
    here.exchange()
    assert sweep(here.store) == ()
    assert here.store.journal().of_kind(MARK, teacher)
    road.weather.away = False
    here.exchange()
    assert not here.store.journal().of_kind(MARK, teacher)


def test_who_pulls_the_plug_is_seen_off_at_the_next_start(visited, road):
    here, code = visited
    teacher = visit(here, code)
    here.close()
    again = Laptop.open(here.store.folder, TurnableClock(), road)
    assert teacher not in {one.id for one in again.people()}
    assert not Cabinet(again.store.folder).has(teacher)
    again.exchange()
    assert others(again) == []
    again.close()


@pytest.mark.parametrize("step", ["_forget_keys", "_take_name"])
def test_a_crash_while_seeing_off_is_followed_by_the_rest(visited, school, road, monkeypatch, step):
    here, code = visited
    teacher = visit(here, code)

    def crash(*_):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(f"client.laptop.people.visiting.{step}", crash)
        with pytest.raises(MemoryError):
            here.visits.see_off(teacher)
    here.close()
    again = Laptop.open(here.store.folder, TurnableClock(), road)
    assert teacher not in {one.id for one in again.people()}
    assert not Cabinet(again.store.folder).has(teacher)
    again.exchange()
    assert others(again) == [] and teacher not in granted(school, again)
    again.close()


def test_a_teacher_may_come_again(visited, school):
    here, code = visited
    teacher = visit(here, code)
    here.visits.see_off(teacher)
    here.exchange()
    here.enrol(ADDRESS, school.code(teachers=[TEACHER]))
    here.exchange()
    assert here.class_work(teacher).unmarked
    assert not here.visits.is_visitor(teacher)


def test_whoever_lives_here_is_not_seen_off(visited):
    here, _ = visited
    (pupil,) = here.people()
    assert not here.visits.see_off(pupil.id)
    here.visits.see_all_off()
    assert here.people() == (pupil,)


def test_a_visitor_whose_coming_the_machine_stopped_in_is_seen_off(tmp_path, road, visited):
    here, code = visited
    pupils = here.people()
    here.store.keep_settings({visiting._BEFORE: json.dumps([one.id for one in pupils])})
    here.enrol(ADDRESS, code)
    assert len(here.people()) == 2
    here.close()
    again = Laptop.open(tmp_path / "visited", TurnableClock(), road)
    assert again.people() == pupils
    again.enrol(ADDRESS, code)
    assert not any(again.visits.is_visitor(one.id) for one in again.people()), "come to stay"
    again.close()


def test_nobody_visits_who_was_not_let_in(visited):
    here, _ = visited
    with pytest.raises(LaptopError), here.visits.coming():
        here.enrol(ADDRESS, "0000 0000 0000 0000")
    assert not any(here.visits.is_visitor(one.id) for one in here.people())
