from __future__ import annotations

import pytest

from client.laptop.people.people import STUDENT
from client.screens.task.model import Page, Saved
from tests.support.laptop import AIGERIM, PACK
from tests.support.lesson_pack import PackLaptop
from tests.support.screens import stage

pytestmark = pytest.mark.screen
WHERE = {"pack": PACK, "lesson": "solving", "task": "practice"}


@pytest.fixture
def laptop(tmp_path):
    return PackLaptop(tmp_path)


@pytest.fixture
def here(laptop):
    opened = stage(laptop)
    assert AIGERIM.role == STUDENT
    opened.app.sign_in(AIGERIM)
    opened.app.go("task", **WHERE)
    opened.wait(lambda: opened.app.model.page is not Page.OPENING)
    yield opened
    opened.close()


def answers(laptop):
    return laptop.draft(AIGERIM.id, PACK, "solving", "practice")


def saved(here):
    here.wait(lambda: here.app.model.saved is Saved.YES)


def test_a_finger_chooses_and_saved_is_said(here, laptop):
    rows = here.find("Choices").children
    here.press(rows[-2])
    saved(here)
    assert answers(laptop) == {"root": "b"}
    assert "сақталды" in here.words()


def test_the_keyboard_alone_does_the_whole_task(here, laptop):
    here.key("2")
    here.key("enter")
    here.key("1")
    here.key("numpad2")
    here.key("enter")
    for key in ("numpadsubstract", "5", "/", "2"):
        here.key(key)
    assert "−5/2" in here.words()
    assert "−2,5" in here.words()
    here.key("backspace")
    here.key("4")
    here.key("enter")
    here.key("enter")
    here.wait(lambda: here.app.model.page is Page.SUMMARY)
    assert here.app.model.unanswered() == (3,)
    here.key("escape")
    assert here.app.model.page is Page.ITEM
    here.app.model.forward()
    here.settle()
    here.key("enter")
    here.wait(lambda: here.app.model.page is Page.DONE)
    work = laptop.works(AIGERIM.id)[0]
    kept = laptop.work_detail(work.id).answers
    assert kept == {"root": "b", "equivalent": ["a", "b"], "number": "−5/4"}


def test_digits_choose_by_their_place_on_a_kazakh_layout(here):
    """The key right of the one for 1 types a letter there; its place is still the second."""
    here.window.dispatch("on_key_down", 0x456, 31, "і", [])
    here.settle()
    assert here.app.model.answer == "b"


def test_the_pad_types_a_number(here, laptop):
    here.app.model.go_to(2)
    here.settle()
    for key in ("−", "2", ",", "5"):
        here.press(here.find("PadKey", text=key))
    saved(here)
    assert answers(laptop)["number"] == "−2,5"
    here.press(here.find("PadKey", icon="delete"))
    assert here.app.model.answer == "−2,"


def test_text_is_typed_into_a_field_that_is_not_rebuilt(here, laptop):
    here.app.model.go_to(3)
    here.settle()
    field = here.find("TextField")
    field.focus = True
    here.settle()
    here.type("Екі жағы тең")
    assert here.find("TextField") is field
    saved(here)
    assert answers(laptop)["why"] == "Екі жағы тең"


def test_another_language_and_size_lose_no_letter(here):
    here.app.model.go_to(3)
    here.settle()
    here.find("TextField").text = "Себебі тең"
    here.app.set_language("ru")
    here.settle()
    assert here.find("TextField").text == "Себебі тең"
    assert "Почему" in "".join(
        ink.text
        for widget in here.app.view.walk()
        if hasattr(widget, "box")
        for ink in widget.box.inks
        if hasattr(ink, "text")
    )


def test_escape_leaves_and_the_draft_stays(here, laptop):
    here.key("3")
    here.key("escape")
    assert here.app.history[-1].name == "today"
    assert here.app.executor.wait()
    assert answers(laptop) == {"root": "c"}


def test_the_hint_opens_and_closes(here):
    button = here.find("QuietButton", icon="hint")
    here.press(button)
    assert here.app.model.hints_open["root"]
    here.press(here.find("QuietButton", icon="hint"))
    assert not here.app.model.hints_open["root"]
