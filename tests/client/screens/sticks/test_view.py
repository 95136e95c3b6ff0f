"""The sticks' page and the strip over other screens, by touch and by keyboard."""

from __future__ import annotations

import pytest

from tests.support.laptop import AIGERIM
from tests.support.screens import stage
from tests.support.showcase import TEACHER_GULNAR, Showcase
from tests.support.showcase_sticks import SCHOOL_STICK
from tests.support.stops_sticks import put_in, visit_half

pytestmark = pytest.mark.screen


@pytest.fixture
def here(tmp_path):
    made = stage(Showcase(tmp_path), "en")
    made.app.sign_in(AIGERIM)
    yield made
    made.app.laptop.sticks.hold.set()
    made.close()


def done(here):
    here.wait(lambda: not here.app.porter.running)


def test_from_sending_to_a_stick_that_is_exchanged_with_by_touch(here):
    here.app.open_place("send")
    here.settle()
    here.press(here.find("QuietButton", text="By USB stick"))
    assert "Put a stick into the laptop" in here.words()
    put_in(here, SCHOOL_STICK)
    here.settle()
    here.press(here.find("PrimaryButton", text="Exchange"))
    done(here)
    assert here.app.laptop.sticks.visited == [SCHOOL_STICK.root]
    assert "Done. You can take it out." in here.words()
    assert "Lessons: Physics 7: motion and force" in here.words()
    here.press(here.find("QuietButton", text="Back"))
    assert [visit.name for visit in here.app.history][-1] == "send"


def test_the_keyboard_keeps_its_place_while_an_exchange_moves_on(here):
    put_in(here, SCHOOL_STICK)
    here.app.go("sticks")
    here.settle()
    while getattr(here.app.ring.current, "text", "") != "Exchange":
        here.key("tab")
    here.app.laptop.sticks.hold.clear()
    here.key("enter")
    here.wait(lambda: bool(here.app.porter.running[0].progress))
    assert here.app.ring.current.text == "Stop"
    assert 0 < here.find("ProgressLine").value < 1
    here.key("enter")
    done(here)
    assert "Stopped. You can take it out." in here.words()
    assert "Nothing is lost" in here.words()
    assert here.app.ring.current.text == "Exchange again"


def test_consent_is_given_by_touch_and_taken_back_by_keys(here):
    here.app.go("sticks")
    here.settle()
    here.press(here.find("SwitchButton", value="yes"))
    assert here.app.laptop.sticks.consent
    assert here.find("SwitchButton", value="yes").lit
    while getattr(here.app.ring.current, "value", "") != "no":
        here.key("tab")
    here.key("enter")
    assert not here.app.laptop.sticks.consent
    assert here.find("SwitchButton", value="no").lit


def test_with_consent_a_stick_is_done_before_anybody_presses_anything(here):
    here.app.open_place("today")
    here.app.porter.give_consent(True)
    here.app.laptop.sticks.here = (SCHOOL_STICK,)
    here.app.porter.look()
    here.wait(lambda: here.app.porter.ended > 0)
    assert "Done. You can take it out." in here.words()
    here.press(here.find("QuietButton", text="Close"))
    assert "take it out" not in here.words()
    assert "Good afternoon" in here.words()


def test_the_strip_is_walked_by_keys_from_the_offer_to_the_account(here):
    here.app.open_place("today")
    put_in(here, SCHOOL_STICK)
    here.settle()
    assert "A stick is in" in here.words()
    while getattr(here.app.ring.current, "text", "") != "Exchange":
        here.key("tab")
    here.key("enter")
    done(here)
    here.settle()
    assert here.app.ring.current.text == "More", "the keyboard stays in the strip"
    here.key("enter")
    here.settle()
    assert here.app.history[-1].name == "sticks"
    assert "What came" in here.words()
    here.key("escape")
    here.settle()
    assert here.app.history[-1].name == "today"
    assert "take it out" not in here.words(), "it was read"


def test_a_stick_may_wait_and_the_strip_moves_nothing_of_the_screen(here):
    here.app.open_place("lessons")
    here.settle()
    view = here.app.view
    put_in(here, SCHOOL_STICK)
    here.settle()
    here.press(here.find("QuietButton", text="Later"))
    assert "A stick is in" not in here.words()
    assert here.app.view is view
    assert here.app.laptop.sticks.visited == []


def test_a_lesson_and_a_task_are_not_disturbed(here):
    put_in(here, SCHOOL_STICK)
    here.app.go("enrol")
    here.settle()
    assert "A stick is in" not in here.words()
    here.app.back()
    here.settle()
    assert "A stick is in" in here.words()


def test_before_anybody_sits_down_a_stick_is_exchanged_with_as_well(here):
    here.app.sign_out()
    put_in(here, SCHOOL_STICK)
    here.settle()
    here.press(here.find("PrimaryButton", text="Exchange"))
    done(here)
    here.settle()
    assert "Done. You can take it out." in here.words()
    assert "More" not in here.words().splitlines(), "there is nobody whose page it would be"


def test_language_and_width_change_around_an_exchange(here):
    put_in(here, SCHOOL_STICK)
    visit_half(here)
    here.app.go("sticks")
    here.app.set_language("kk")
    here.resize((360, 640))
    assert "Флешкамен алмасу жүріп жатыр" in here.words()
    here.app.laptop.sticks.hold.set()
    done(here)
    assert "Флешканы суырып алуға болады" in here.words()
    here.resize((1024, 600))


def test_a_teacher_comes_from_the_class_and_goes_on_to_writing(here):
    here.app.sign_in(TEACHER_GULNAR)
    here.settle()
    here.press(here.find("QuietButton", text="By USB stick"))
    here.press(here.find("QuietButton", text="Write lessons to a stick"))
    here.wait(lambda: here.app.model.offers is not None)
    assert "Lessons onto a stick" in here.words()
    here.key("escape")
    here.key("escape")
    assert here.app.history[-1].name == "class_work"
