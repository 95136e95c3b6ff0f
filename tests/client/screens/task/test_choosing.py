"""The page of two drafts, walked by finger and by keyboard."""

from __future__ import annotations

import pytest

from client.screens.task.model import Page
from tests.client.screens.task.test_elsewhere import KEY, OURS, THEIRS, TravelledLaptop
from tests.support.laptop import AIGERIM, PACK
from tests.support.screens import stage

pytestmark = pytest.mark.screen
WHERE = {"pack": PACK, "lesson": "solving", "task": "practice"}


@pytest.fixture(params=((1024, 600), (360, 640)), ids=str)
def here(request, tmp_path):
    laptop = TravelledLaptop(tmp_path)
    laptop.save_draft(*KEY, OURS.answers)
    stood = stage(laptop, size=request.param)
    stood.app.sign_in(AIGERIM)
    stood.app.go("task", **WHERE)
    stood.wait(lambda: stood.app.model.page is Page.CHOOSING)
    stood.settle()
    yield stood
    stood.close()


def cards(here):
    found = [one for one in here.app.view.walk() if type(one).__name__ == "PressCard"]
    return sorted(found, key=lambda card: -card.y)


def test_a_finger_chooses(here):
    assert here.findings() == []
    _, there = cards(here)
    here.press(there)
    here.wait(lambda: here.app.model.page is Page.ITEM)
    assert here.app.model.answers["root"] == "b"


def test_the_keyboard_chooses(here):
    for _ in range(6):
        here.key("tab")
        if here.app.ring.current is cards(here)[0]:
            break
    here.key("enter")
    here.wait(lambda: here.app.model.page is Page.ITEM)
    assert here.app.model.answers["root"] == "a"


def test_leaving_without_a_choice_changes_nothing(here):
    here.key("escape")
    here.settle()
    assert here.app.laptop.draft(*KEY) == OURS.answers
    assert here.app.laptop.travelling.offered == (OURS, THEIRS)
