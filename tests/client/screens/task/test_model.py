from __future__ import annotations

import threading
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.screens.task.model import Model, Page, Saved, said_number
from content.number import parse_number
from tests.support.examples import examples
from tests.support.laptop import AIGERIM, PACK, TEACHER_SAULE
from tests.support.lesson_pack import PackLaptop
from tests.support.sessions import Desk, session_for

WHERE = (AIGERIM.id, PACK, "solving", "practice")


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def laptop(tmp_path):
    return PackLaptop(tmp_path)


def opened(laptop, desk, task="practice"):
    model = Model(session_for(laptop, AIGERIM, desk), PACK, "solving", task)
    desk.settle()
    return model


def test_it_opens_on_the_first_question(laptop, desk):
    model = opened(laptop, desk)
    assert (model.page, model.index, len(model.items)) == (Page.ITEM, 0, 4)
    assert model.saved is Saved.NOTHING_YET


def test_saved_is_said_only_when_it_is_on_the_disk(laptop, desk):
    model = opened(laptop, desk)
    model.choose("a")
    assert model.saved is Saved.SAVING
    desk.settle()
    assert model.saved is Saved.YES
    assert laptop.draft(*WHERE) == {"root": "a"}


def test_a_disk_that_fails_is_named_and_the_next_keystroke_tries_again(laptop, desk):
    model = opened(laptop, desk)
    works = laptop.save_draft

    def full(*args):
        raise OSError("no space left")

    laptop.save_draft = full
    model.choose("a")
    desk.settle()
    assert model.saved is Saved.FAILED
    laptop.save_draft = works
    model.choose("b")
    desk.settle()
    assert model.saved is Saved.YES
    assert laptop.draft(*WHERE) == {"root": "b"}


def test_saves_behind_a_slow_one_are_coalesced_and_the_newest_wins(laptop, desk):
    model = opened(laptop, desk)
    model.go_to(3)
    gate, saved = threading.Event(), []
    works = laptop.save_draft

    def slow(*args):
        gate.wait(60)
        saved.append(args[4]["why"])
        works(*args)

    laptop.save_draft = slow
    text = "Екі жағынан бірдей сан"
    for end in range(1, len(text) + 1):
        model.write(text[:end])
        assert model.saved is Saved.SAVING
    gate.set()
    desk.settle()
    assert saved[-1] == text
    assert len(saved) <= 2
    assert model.saved is Saved.YES


def test_an_earlier_save_does_not_say_saved_for_a_later_keystroke(laptop, desk):
    model = opened(laptop, desk)
    model.go_to(3)
    model.write("a")
    assert desk.executor.wait()
    model.write("ab")
    model.session.executor.wait()
    calls = list(desk._calls)
    del desk._calls[:]
    calls[0]()
    assert model.saved is Saved.SAVING
    for call in calls[1:]:
        call()
    assert model.saved is Saved.YES


def test_leaving_at_once_loses_nothing(laptop, desk):
    model = opened(laptop, desk)
    model.choose("b")
    model.close()
    desk.executor.close()
    assert laptop.draft(*WHERE) == {"root": "b"}


def test_a_draft_is_continued_where_the_first_answer_is_missing(laptop, desk):
    laptop.save_draft(*WHERE, {"root": "b", "equivalent": ["a"]})
    model = opened(laptop, desk)
    assert model.index == 2
    assert model.answers["equivalent"] == ["a"]
    assert model.saved is Saved.YES


def test_a_damaged_draft_is_read_as_far_as_it_goes(laptop, desk):
    laptop.save_draft(*WHERE, {"root": 7, "equivalent": ["a", 5], "why": "text", "number": None})
    assert opened(laptop, desk).answers == {"equivalent": ["a"], "why": "text"}


def test_one_choice_replaces_another_and_several_add_up(laptop, desk):
    model = opened(laptop, desk)
    model.choose("a")
    model.choose("c")
    assert model.answer == "c"
    model.go_to(1)
    model.choose("c")
    model.choose("a")
    assert model.answer == ["a", "c"]
    model.choose("c")
    assert model.answer == ["a"]


def test_choosing_by_number_and_arrow(laptop, desk):
    model = opened(laptop, desk)
    assert model.choose_place(1)
    assert model.answer == "b"
    assert not model.choose_place(4)
    assert not model.choose_place(-1)
    model.move_choice(1)
    assert model.answer == "c"
    model.move_choice(-1)
    model.move_choice(-1)
    model.move_choice(-1)
    assert model.answer == "d"


def test_an_arrow_without_a_choice_starts_at_an_end(laptop, desk):
    model = opened(laptop, desk)
    model.move_choice(1)
    assert model.answer == "a"
    model.go_to(0)
    model.answers.clear()
    model.move_choice(-1)
    assert model.answer == "d"


def test_forward_leads_to_the_summary_and_back(laptop, desk):
    model = opened(laptop, desk)
    for _ in range(4):
        model.forward()
    assert model.page is Page.SUMMARY
    assert model.unanswered() == (0, 1, 2, 3)
    model.backward()
    assert (model.page, model.index) == (Page.ITEM, 3)


def test_later_skips_to_the_next_without_an_answer(laptop, desk):
    model = opened(laptop, desk)
    model.answers["equivalent"] = ["a"]
    model.later()
    assert model.index == 2
    model.later()
    assert model.index == 3
    model.later()
    assert model.page is Page.SUMMARY


def test_a_number_says_how_it_was_understood(laptop, desk):
    model = opened(laptop, desk)
    model.go_to(2)
    assert model.number_understood() is None
    model.write("−5/2")
    assert model.number_understood() == "-2.5"
    model.write("−")
    assert model.number_understood() is None


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("5", "5"),
        ("2,50", "2.5"),
        ("1/3", "1/3"),
        ("-7/3", "-7/3"),
        ("0", "0"),
        ("-0,125", "-0.125"),
    ],
)
def test_numbers_are_said_as_they_are_read(number, said):
    assert said_number(parse_number(number)) == said


@settings(max_examples=examples(200), deadline=None)
@given(st.fractions(max_denominator=50_000))
def test_what_is_said_is_the_number_itself(number):
    assert parse_number(said_number(number)) == number or len(said_number(number)) > 60
    assert Fraction(said_number(number)) == number


def test_checking_at_once_and_changing_the_answer(tmp_path, desk):
    model = opened(PackLaptop(tmp_path, feedback="at-once"), desk)
    assert not model.can_check
    model.choose("a")
    assert model.can_check
    model.check()
    assert model.verdict.correct is False
    assert not model.can_check
    model.choose("b")
    assert model.verdict is None
    model.check()
    assert model.verdict.correct is True


def test_feedback_after_handing_in_is_not_given_before(laptop, desk):
    model = opened(laptop, desk)
    model.choose("a")
    assert not model.can_check
    assert model.scores == {}


def test_handing_in_writes_one_work_and_ends_the_draft(laptop, desk):
    model = opened(laptop, desk)
    model.choose("b")
    while model.page is not Page.SUMMARY:
        model.forward()
    model.hand_in()
    model.hand_in()
    assert model.handing_in
    desk.settle()
    assert model.page is Page.DONE
    assert model.scores["root"].correct
    assert len(laptop.works(AIGERIM.id)) == 1
    assert laptop.draft(*WHERE) == {}
    assert model.session.courier.announced == 1


def test_what_is_typed_last_is_handed_in_though_its_save_was_still_under_way(laptop, desk):
    model = opened(laptop, desk)
    model.go_to(3)
    for end in range(1, 30):
        model.write("Себебі екі жағы тең болып қала береді"[:end])
    model.forward()
    model.hand_in()
    desk.settle()
    work = laptop.works(AIGERIM.id)[0]
    assert laptop.work_detail(work.id).answers == {
        "why": "Себебі екі жағы тең болып қала береді"[:29]
    }
    assert laptop.draft(*WHERE) == {}


def test_a_teacher_tries_a_task_and_hands_nothing_in(laptop, desk):
    model = Model(session_for(laptop, TEACHER_SAULE, desk), PACK, "solving", "practice")
    desk.settle()
    model.choose("b")
    desk.settle()
    model.go_to(len(model.items) - 1)
    model.forward()
    model.hand_in()
    desk.settle()
    assert (model.page, model.work) == (Page.DONE, None)
    assert model.scores["root"].points == 1
    assert laptop.works(TEACHER_SAULE.id) == ()
    assert laptop.draft(TEACHER_SAULE.id, *WHERE[1:]) == {}


def test_handing_in_that_fails_keeps_the_answers_and_may_be_repeated(laptop, desk):
    model = opened(laptop, desk)
    model.choose("b")
    model.page = Page.SUMMARY
    works = laptop.hand_in

    def full(*args):
        raise OSError("no space left")

    laptop.hand_in = full
    model.hand_in()
    desk.settle()
    assert model.page is Page.SUMMARY
    assert model.problem.key == "task.hand-in-failed"
    laptop.hand_in = works
    model.hand_in()
    desk.settle()
    assert model.page is Page.DONE
    assert model.problem is None


def test_nothing_is_handed_in_from_a_question(laptop, desk):
    model = opened(laptop, desk)
    model.hand_in()
    desk.settle()
    assert laptop.works(AIGERIM.id) == ()


def test_a_task_handed_in_shows_its_work_and_the_mark_that_comes(laptop, desk):
    laptop.hand_in(*WHERE, {"root": "a"}, "kk")
    model = opened(laptop, desk)
    assert model.page is Page.DONE
    assert model.answers == {"root": "a"}
    assert model.scores["root"].correct is False
    told = []
    model.listen(lambda: told.append(model.work.mark))
    model.reload()
    assert told == []
    laptop.give_mark(TEACHER_SAULE.id, model.work.id, 5.0, "Жақсы")
    model.reload()
    assert told[0].points == 5.0


def test_another_attempt_begins_empty_and_is_a_new_work(laptop, desk):
    laptop.hand_in(*WHERE, {"root": "a"}, "kk")
    model = opened(laptop, desk)
    model.start_again()
    assert (model.page, model.answers, model.saved) == (Page.ITEM, {}, Saved.NOTHING_YET)
    model.choose("b")
    model.page = Page.SUMMARY
    model.hand_in()
    desk.settle()
    assert [work.attempt for work in laptop.works(AIGERIM.id)] == [2, 1]


def test_a_task_that_is_not_there_says_so(laptop, desk):
    model = opened(laptop, desk, "no-such")
    assert model.page is Page.PROBLEM
    assert model.problem is not None
    model.close()
