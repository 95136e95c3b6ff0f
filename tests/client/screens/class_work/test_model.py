from __future__ import annotations

import dataclasses

from client.laptop.schoolwork.class_work import ClassWork, StudentRow, TaskColumn
from client.screens.class_work.model import Kind, Model, cell, line
from tests.support.laptop import AIGERIM, HOUR_MS, NURLAN, PACK, TEACHER_SAULE
from tests.support.lesson_pack import PackLaptop
from tests.support.pack_source import TASK_TITLES
from tests.support.sessions import Desk, session_for

NOW_MS = 1_800_000_000_000
COLUMN = TaskColumn(PACK, "solving", "practice", TASK_TITLES["practice"])


def work_of(laptop, points=None):
    work = laptop.hand_in(AIGERIM.id, PACK, "solving", "practice", {"root": "b"}, "kk")
    if points is not None:
        laptop.give_mark(TEACHER_SAULE.id, work.id, points, "")
    return laptop.works(AIGERIM.id)[0]


def test_a_cell_says_nothing_waits_or_the_points(tmp_path):
    laptop = PackLaptop(tmp_path)
    assert cell(None).kind is Kind.NOTHING
    waiting = work_of(laptop)
    assert cell(waiting).kind is Kind.WAITS
    assert cell(waiting).work == waiting.id
    marked = work_of(laptop, 5.0)
    assert (cell(marked).kind, cell(marked).points) == (Kind.MARKED, 5.0)
    mark = dataclasses.replace(marked.mark, points=1.0)
    assert cell(dataclasses.replace(marked, mark=mark)).kind is Kind.LOW


def test_who_was_not_heard_of_is_named():
    def of(last_ms):
        return line(StudentRow(NURLAN, {}, last_ms), (COLUMN,), NOW_MS)

    assert of(NOW_MS - 24 * HOUR_MS).silent is False
    late = of(NOW_MS - 6 * 24 * HOUR_MS)
    assert (late.silent, late.last.key, late.last.values["n"]) == (True, "class.days-ago", 6)
    assert of(None).silent
    assert of(None).last.key == "class.never"
    assert not line(StudentRow(NURLAN, {}, None), (), NOW_MS).silent, "no task, nobody behind"


def test_a_few_who_are_not_heard_of_are_called_by_name(tmp_path):
    model = Model(session_for(PackLaptop(tmp_path), TEACHER_SAULE, Desk()))
    late = line(StudentRow(NURLAN, {}, None), (COLUMN,), NOW_MS)
    here = line(StudentRow(AIGERIM, {}, NOW_MS), (), NOW_MS)
    model.lines = (here, late)
    assert model.silent_names == (NURLAN.name,)
    model.lines = (late,) * 30
    assert (model.silent, model.silent_names) == (30, ())


def test_when_the_school_last_answered_is_said_and_told_anew(tmp_path):
    laptop = PackLaptop(tmp_path)
    laptop.now_ms = lambda: NOW_MS
    status = laptop.status()
    laptop.status = lambda: dataclasses.replace(status, last_received_ms=None)
    model = Model(session_for(laptop, TEACHER_SAULE, Desk()))
    assert model.last_contact is None
    told = []
    model.listen(lambda: told.append(model.last_contact.values["time"].time_ms))
    laptop.status = lambda: dataclasses.replace(status, last_received_ms=NOW_MS)
    model.reload()
    model.reload()
    assert told == [NOW_MS]


def test_a_clock_that_went_back_makes_nobody_silent():
    assert line(StudentRow(NURLAN, {}, NOW_MS + HOUR_MS), (), NOW_MS).silent is False


def test_the_table_has_a_line_for_each_student_and_counts_what_waits(tmp_path):
    laptop = PackLaptop(tmp_path)
    work_of(laptop)
    model = Model(session_for(laptop, TEACHER_SAULE, Desk()))
    assert [one.name for one in model.lines] == [AIGERIM.name, NURLAN.name]
    assert model.unmarked == 1
    assert model.silent == 1
    assert model.class_name == "7 «А»"
    kinds = [one.kind for one in model.lines[0].cells]
    assert kinds.count(Kind.WAITS) == 1


def test_new_work_is_told_and_no_news_is_not(tmp_path):
    laptop = PackLaptop(tmp_path)
    laptop.now_ms = lambda: NOW_MS
    model = Model(session_for(laptop, TEACHER_SAULE, Desk()))
    told = []
    model.listen(lambda: told.append(model.unmarked))
    model.reload()
    work_of(laptop)
    model.reload()
    assert told == [1]


def test_an_empty_class_is_shown_as_such(tmp_path):
    laptop = PackLaptop(tmp_path)
    laptop.class_work = lambda teacher: ClassWork("", (), (), ())
    model = Model(session_for(laptop, TEACHER_SAULE, Desk()))
    assert (model.lines, model.tasks, model.unmarked, model.silent) == ((), (), 0, 0)


def test_when_there_are_many_tasks_the_latest_are_shown_and_all_can_be_reached(tmp_path):
    model = Model(session_for(PackLaptop(tmp_path), TEACHER_SAULE, Desk()))
    model.tasks = (COLUMN,) * 10
    assert model.window(4) == range(6, 10)
    seen = set(model.window(4))
    for _ in range(5):
        model.turn(-4)
        assert len(model.window(4)) == 4
        seen.update(model.window(4))
    assert seen == set(range(10))
    assert model.window(4) == range(4)
    for _ in range(5):
        model.turn(4)
    assert model.window(4) == range(6, 10)
    assert model.window(20) == range(10)
