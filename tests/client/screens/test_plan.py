from __future__ import annotations

from client.laptop.packs.lessons import LessonCard, Progress
from client.screens import plan

TEXT = {"kk": "x"}


def card(lesson, pack="p", place=1, tasks=("a",)):
    return LessonCard(
        pack, 1, lesson, TEXT, TEXT, "algebra", 7, 20, True, True, tuple(tasks), TEXT, place
    )


ONE, TWO, THREE = card("one"), card("two", place=2), card("three", place=3, tasks=("a", "b"))
OTHER = card("other", pack="q")
CARDS = (ONE, TWO, THREE, OTHER)


def test_a_lesson_s_steps_are_its_film_and_its_tasks():
    steps = plan.steps_of(THREE, {}, frozenset())
    assert (steps.done, steps.of, steps.begun, steps.finished) == (0, 3, False, False)
    seen = {("p", "three"): Progress(9.0, True, 1)}
    steps = plan.steps_of(THREE, seen, {("p", "three", "a"), ("p", "one", "a")})
    assert (steps.done, steps.finished) == (2, False)
    assert plan.steps_of(THREE, seen, {("p", "three", "a"), ("p", "three", "b")}).share == 1.0


def test_a_step_begun_counts_half():
    steps = plan.steps_of(ONE, {("p", "one"): Progress(9.0, False, 1)}, frozenset())
    assert (steps.done, steps.begun, steps.share) == (0, True, 0.25)


def test_first_comes_the_first_lesson():
    found = plan.next_lesson(CARDS, {}, frozenset())
    assert (found.card, found.begun, found.position_s) == (ONE, False, 0.0)


def test_the_lesson_looked_at_last_goes_on():
    progress = {("p", "two"): Progress(70.0, False, 5), ("p", "one"): Progress(3.0, False, 9)}
    assert plan.next_lesson(CARDS, progress, frozenset()).card == ONE
    progress["p", "two"] = Progress(70.0, False, 10)
    found = plan.next_lesson(CARDS, progress, frozenset())
    assert (found.card, found.position_s, found.begun) == (TWO, 70.0, True)


def test_after_a_finished_lesson_comes_the_next_of_its_pack():
    progress = {("q", "other"): Progress(1.0, True, 9)}
    handed = {("q", "other", "a")}
    assert plan.next_lesson((*CARDS, card("more", "q", 2)), progress, handed).card.lesson == "more"


def test_when_all_is_done_nothing_is_next():
    progress = {("p", "one"): Progress(1.0, True, 1)}
    assert plan.next_lesson((ONE,), progress, {("p", "one", "a")}) is None
    assert plan.next_lesson((), {}, frozenset()) is None


def test_tasks_begun_come_first_then_those_of_lessons_begun():
    progress = {("q", "other"): Progress(1.0, False, 1)}
    drafts = {("p", "three", "b")}
    handed = {("p", "one", "a")}
    tasks = plan.open_tasks(CARDS, {("p", "two", "a"): {"kk": "t"}}, progress, handed, drafts)
    found = [(task.card.lesson, task.task, task.begun) for task in tasks]
    assert found == [
        ("three", "b", True),
        ("other", "a", False),
        ("two", "a", False),
        ("three", "a", False),
    ]
    assert tasks[2].title == {"kk": "t"}
    assert tasks[1].title == TEXT, "a task without a title is called after its lesson"


def test_a_task_begun_anew_after_handing_in_is_open_again():
    key = ("p", "one", "a")
    assert [t.begun for t in plan.open_tasks((ONE,), {}, {}, {key}, {key})] == [True]


def test_packs_used_last_come_first():
    progress = {("q", "other"): Progress(1.0, True, 9)}
    packs = plan.pack_progress(CARDS, progress, {("q", "other", "a")})
    assert [(one.card.pack, one.done, one.of) for one in packs] == [("q", 1, 1), ("p", 0, 3)]
    assert packs[0].share == 1.0
