from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.schoolwork.works import Station, WorkId
from tests.support.laptop import AIGERIM, DANA, NURLAN, TEACHER_SAULE, YERLAN
from tests.support.pack_source import PACK, RIGHT_ANSWERS

TEACHER = TEACHER_SAULE.id


def work_of(laptop, person, task):
    return next(work for work in laptop.works(person.id) if work.task == task)


def test_the_class_is_a_table_in_the_order_of_the_alphabet(sample):
    table = sample.class_work(TEACHER)
    assert [row.student.id for row in table.rows] == [AIGERIM.id, DANA.id, YERLAN.id, NURLAN.id]
    assert [column.task for column in table.tasks] == ["check", "practice", "explain", "caravan"]
    row = table.rows[0]
    assert set(row.works) == {column.key for column in table.tasks}
    assert row.last_work_ms == sample.works(AIGERIM.id)[0].handed_in_ms
    assert table.rows[2].works == {} and table.rows[2].last_work_ms is None


def test_unmarked_are_the_counting_works_without_a_mark_longest_waiting_first(sample):
    unmarked = sample.class_work(TEACHER).unmarked
    assert [work.person for work in unmarked[:2]] == [DANA.id, AIGERIM.id]
    assert all(work.mark is None for work in unmarked)
    times = [work.handed_in_ms for work in unmarked]
    assert times == sorted(times)
    sample.give_mark(TEACHER, unmarked[0].id, 6, "")
    assert unmarked[0].id not in [work.id for work in sample.class_work(TEACHER).unmarked]


def test_a_students_new_attempt_asks_for_a_mark_again(sample):
    sample.save_draft(AIGERIM.id, PACK, "meaning", "check", {"root": "b"})
    again = sample.hand_in(AIGERIM.id, PACK, "meaning", "check", {"root": "b"}, "kk")
    assert again.id in [work.id for work in sample.class_work(TEACHER).unmarked]
    old = [work for work in sample.works(AIGERIM.id) if work.task == "check"][1]
    assert old.replaced and old.mark.points == 5


def test_a_mark_reaches_the_student_and_the_latest_counts(sample):
    work = work_of(sample, NURLAN, "check")
    sample.give_mark(TEACHER, work.id, 2.5, "  Таңбаға қара \n")
    sample.give_mark(TEACHER, work.id, 3, "")
    marked = work_of(sample, NURLAN, "check")
    assert marked.station is Station.MARKED
    assert (marked.mark.points, marked.mark.of, marked.mark.comment) == (3, 6, "")
    assert marked.mark.teacher_name == TEACHER_SAULE.name


@pytest.mark.parametrize("points", [-0.01, 6.01, float("nan"), float("inf")])
def test_points_outside_the_task_are_refused(sample, points):
    work = work_of(sample, NURLAN, "check")
    with pytest.raises(LaptopError) as caught:
        sample.give_mark(TEACHER, work.id, points, "")
    assert caught.value.code == "points-out-of-bounds"
    assert caught.value.message.values["of"] == 6
    assert work_of(sample, NURLAN, "check").mark is None


def test_a_comment_has_a_limit(sample):
    work = work_of(sample, NURLAN, "check")
    with pytest.raises(LaptopError) as caught:
        sample.give_mark(TEACHER, work.id, 1, "ә" * 2001)
    assert caught.value.code == "comment-too-long"
    sample.give_mark(TEACHER, work.id, 1, "ә" * 2000)
    assert len(work_of(sample, NURLAN, "check").mark.comment) == 2000


def test_a_student_gives_no_marks_and_sees_no_class(sample):
    work = work_of(sample, NURLAN, "check")
    for act in (
        lambda: sample.give_mark(AIGERIM.id, work.id, 6, ""),
        lambda: sample.class_work(AIGERIM.id),
    ):
        with pytest.raises(LaptopError) as caught:
            act()
        assert caught.value.code == "not-a-teacher"


def test_a_work_in_full(sample):
    dana = sample.class_work(TEACHER).rows[1]
    work = dana.works[PACK, "meaning", "check"]
    detail = sample.work_detail(work.id)
    assert detail.student.name == DANA.name
    assert detail.answers == RIGHT_ANSWERS
    assert detail.task.points == 6
    assert detail.score.items["root"].correct is True
    assert detail.score.items["why"].points is None
    assert (detail.language, detail.earlier) == ("kk", ())


def test_a_work_without_its_pack_still_shows_the_answers_and_takes_a_mark(sample):
    work = work_of(sample, NURLAN, "check")
    for path in (sample._library.folder / PACK / "1").rglob("*.json"):
        path.unlink()
    detail = sample.work_detail(work.id)
    assert detail.task is None and detail.score is None
    assert detail.answers == {"root": "a", "number": "-2,5"}
    sample.give_mark(TEACHER, work.id, 6, "")


@pytest.mark.parametrize("work", [WorkId("A" * 22, 1), WorkId("", 0)])
def test_a_work_that_is_not_here(sample, work):
    for act in (lambda: sample.work_detail(work), lambda: sample.give_mark(TEACHER, work, 1, "")):
        with pytest.raises(LaptopError) as caught:
            act()
        assert caught.value.code == "no-such-work"
