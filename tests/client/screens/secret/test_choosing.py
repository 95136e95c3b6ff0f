"""Choosing: what is offered to whom, twice alike, never too easy."""

from __future__ import annotations

import pytest

from client.laptop.people.people import STUDENT, TEACHER, Person
from client.messages import LANGUAGES, Messages
from client.screens.secret.choosing import Choosing, Step
from client.vaults.secrets import PASSWORD, PICTURES, PIN, Policy

SEVEN = Person("p-1", "Ая", STUDENT, "1 «А»")
FIFTEEN = Person("p-2", "Берік", STUDENT, "9 «А»")
TEACHER_OF_FIRST = Person("p-3", "Гүлнар", TEACHER, "1 «А»")


def choosing(person=FIFTEEN, policy=None):
    return Choosing(person, policy or Policy(), lambda: None)


def press(choice, *parts):
    for part in parts:
        choice.typed.press(part)
    return choice.submit()


def test_a_child_of_seven_begins_with_pictures():
    choice = choosing(SEVEN)
    assert (choice.step, choice.typed.kind) == (Step.FIRST, PICTURES)
    names = ("sun", "cat", "yurt", "horse")
    assert press(choice, *names) is None
    assert (choice.step, choice.typed.count) == (Step.AGAIN, 0)
    assert press(choice, *names).text == "sun cat yurt horse"
    assert choice.typed.count == 0


@pytest.mark.parametrize("person", [FIFTEEN, TEACHER_OF_FIRST])
def test_others_choose_the_kind(person):
    choice = choosing(person)
    assert (choice.step, set(choice.kinds)) == (Step.KIND, {PIN, PICTURES, PASSWORD})
    assert not choice.back()
    choice.choose(PIN)
    assert choice.back()
    assert choice.step is Step.KIND


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("25", "error.secret-short"),
        ("1234", "error.secret-simple"),
        ("7777", "error.secret-simple"),
    ],
)
def test_what_is_too_easy_is_told_at_once(digits, said):
    choice = choosing()
    choice.choose(PIN)
    assert press(choice, *digits) is None
    assert (choice.step, choice.problem.key, choice.typed.count) == (Step.FIRST, said, 0)


def test_two_that_differ_begin_anew():
    choice = choosing()
    choice.choose(PIN)
    press(choice, *"2580")
    assert press(choice, *"2581") is None
    assert (choice.step, choice.problem.key) == (Step.FIRST, "secret.differs")
    assert press(choice, *"2581") is None, "the one before is forgotten"
    assert choice.problem is None
    assert press(choice, *"2581").text == "2581"


def test_a_school_demands_more():
    choice = choosing(policy=Policy(pin_digits=6))
    choice.choose(PIN)
    assert choice.shortest == 6
    press(choice, *"25801")
    assert choice.problem.values["n"] == 6


def test_going_back_forgets_the_first_time():
    choice = choosing()
    choice.choose(PIN)
    press(choice, *"2580")
    assert choice.back()
    assert (choice.step, choice.typed.count) == (Step.FIRST, 0)
    press(choice, *"9182")
    assert press(choice, *"2580") is None


def test_every_step_has_its_words():
    for kind in (PIN, PICTURES, PASSWORD):
        choice = choosing()
        for step in Step:
            if step is not Step.KIND:
                choice.choose(kind)
            choice.step = step
            assert all(Messages(language).text(choice.words) for language in LANGUAGES)
