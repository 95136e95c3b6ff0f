from __future__ import annotations

import pytest

from client.screens.review.model import LONGEST_COMMENT, Model
from tests.support.laptop import AIGERIM, NURLAN, PACK, TEACHER_SAULE
from tests.support.lesson_pack import PackLaptop
from tests.support.sessions import Desk, session_for


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def laptop(tmp_path):
    laptop = PackLaptop(tmp_path)
    for person in (AIGERIM, NURLAN):
        answers = {"root": "b", "why": "Себебі тең"}
        laptop.hand_in(person.id, PACK, "solving", "practice", answers, "kk")
    return laptop


def opened(laptop, desk, work=None):
    model = Model(session_for(laptop, TEACHER_SAULE, desk), work)
    desk.settle()
    return model


def test_the_longest_waiting_work_is_open_with_what_was_scored(laptop, desk):
    model = opened(laptop, desk)
    assert len(model.works) == 2
    assert model.detail.work.id == model.works[0].id
    assert model.points == 1.0
    assert model.of == 6.0
    assert set(model.names.values()) == {AIGERIM.name, NURLAN.name}


def test_points_stay_between_nothing_and_all(laptop, desk):
    model = opened(laptop, desk)
    for _ in range(40):
        model.step(-1)
    assert model.points == 0.0
    model.step(1)
    assert model.points == 0.5
    for _ in range(40):
        model.step(1)
    assert model.points == 6.0


def test_phrases_are_added_and_taken_away_and_text_may_be_typed(laptop, desk):
    model = opened(laptop, desk)
    model.write("Жауап дұрыс.")
    model.add_phrase("Жарайсың!")
    assert model.comment == "Жауап дұрыс. Жарайсың!"
    model.add_phrase("Жарайсың!")
    assert model.comment == "Жауап дұрыс."
    model.write("x" * 5000)
    assert len(model.comment) == LONGEST_COMMENT


def test_a_mark_is_written_once_and_the_next_work_opens(laptop, desk):
    model = opened(laptop, desk)
    first = model.detail.work
    model.step(1)
    model.write("  Жақсы!  ")
    model.save()
    model.save()
    desk.settle()
    marked = laptop.works(first.person)[0]
    assert (marked.mark.points, marked.mark.comment) == (1.5, "Жақсы!")
    assert model.session.courier.announced == 1
    assert len(model.works) == 1
    assert model.detail.work.person != first.person
    assert model.comment == ""
    model.save()
    desk.settle()
    assert model.works == ()
    assert model.detail is None


def test_a_work_already_marked_opens_with_its_mark(laptop, desk):
    work = laptop.works(AIGERIM.id)[0]
    laptop.give_mark(TEACHER_SAULE.id, work.id, 4.0, "Жақсы")
    model = opened(laptop, desk, work.id)
    assert (model.points, model.comment) == (4.0, "Жақсы")


def test_a_mark_that_cannot_be_written_is_kept_on_the_screen(laptop, desk):
    model = opened(laptop, desk)

    def full(*args):
        raise OSError("no space left")

    laptop.give_mark = full
    model.write("Жақсы")
    model.save()
    desk.settle()
    assert model.problem.key == "review.not-saved"
    assert (model.saving, model.comment) == (False, "Жақсы")
    assert model.session.courier.announced == 0


def test_a_work_that_cannot_be_opened_says_so_and_the_others_can(laptop, desk):
    works = laptop.work_detail

    def broken(work):
        raise OSError("gone")

    laptop.work_detail = broken
    model = opened(laptop, desk)
    assert model.problem.key == "review.problem"
    laptop.work_detail = works
    model.open(model.works[1].id)
    desk.settle()
    assert model.detail is not None
    assert model.problem is None


def test_work_that_comes_meanwhile_joins_the_list_and_disturbs_nothing(laptop, desk):
    model = opened(laptop, desk)
    model.write("half a sent")
    laptop.hand_in(NURLAN.id, PACK, "solving", "explain", {"why": "so"}, "kk")
    model.reload()
    assert len(model.works) == 3
    assert model.comment == "half a sent"
    assert model.detail is not None


def test_what_is_typed_waits_for_the_teacher_to_come_back(laptop, desk):
    model = opened(laptop, desk)
    first, second = (work.id for work in model.works)
    model.write("Жауап дұрыс, бірақ")
    model.step(1)
    model.open(second)
    desk.settle()
    assert (model.comment, model.points) == ("", 1.0)
    model.close()
    model = opened(laptop, desk, first)
    assert (model.comment, model.points) == ("Жауап дұрыс, бірақ", 1.5)
    model.save()
    desk.settle()
    assert laptop._works[0].mark.comment == "Жауап дұрыс, бірақ"
    again = opened(laptop, desk, first)
    assert (again.comment, again.points) == ("Жауап дұрыс, бірақ", 1.5)
    assert not laptop.draft(TEACHER_SAULE.id, "review", first.device, str(first.seq))


def test_looking_alone_keeps_nothing(laptop, desk):
    model = opened(laptop, desk)
    model.close()
    desk.settle()
    assert not laptop.drafts(TEACHER_SAULE.id)


@pytest.mark.parametrize(
    "kept", [{"points": "x"}, {"points": "1", "comment": "a", "descriptors": "[1"}, {"comment": 1}]
)
def test_a_damaged_note_is_as_none(laptop, desk, kept):
    work = opened(laptop, desk).works[0].id
    laptop.save_draft(TEACHER_SAULE.id, "review", work.device, str(work.seq), kept, 1)
    model = opened(laptop, desk, work)
    assert (model.comment, model.points) == ("", 1.0)
