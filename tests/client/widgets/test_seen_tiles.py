"""Two hundred cards, of which only those on the window exist."""

from __future__ import annotations

import pytest

from client.laptop.people.people import STUDENT, Person
from client.screens.who.model import CLASS
from tests.support.screens import stage, walk
from tests.support.showcase import Showcase

pytestmark = pytest.mark.screen

ONE_CLASS = tuple(Person(f"p-{n}", f"Оқушы{n:03d}", STUDENT, "7 «А»") for n in range(200))


@pytest.fixture
def here(tmp_path):
    laptop = Showcase(tmp_path)
    laptop.people = lambda: ONE_CLASS
    laptop.set_preference(CLASS, "7 «А»")
    opened = stage(laptop)
    yield opened
    opened.close()


def faces(here):
    return [one for one in walk(here.app.root) if type(one).__name__ == "PersonCard"]


@pytest.mark.parametrize("size", [(1024, 600), (360, 640)])
def test_only_what_is_seen_is_built(here, size):
    here.resize(size)
    here.settle(10)
    assert 4 <= len(faces(here)) <= 40
    assert here.findings() == []


def test_scrolling_brings_the_others_in_their_places(here):
    here.app.view.scroller().scroll_y = 0.0
    here.settle(10)
    names = [card.name for card in faces(here)]
    assert names == sorted(names), "the keyboard goes in reading order"
    assert names[-1] == "Оқушы199"
    assert len(names) <= 40
    assert {(card.person.name, card.name) for card in faces(here)} == {(n, n) for n in names}
    here.press(faces(here)[-1])
    assert here.app.person == ONE_CLASS[-1]


def test_the_arrows_reach_everybody(here):
    here.app.ring.focus(faces(here)[0])
    for _ in range(32):
        here.key("down")
    assert here.app.view.scroller().scroll_y < 0.05
    assert here.app.ring.current in here.app.ring.order()


def test_typing_finds(here):
    here.key("j")
    here.settle()
    assert here.app.model.typed == "j"
    assert len(here.app.model.shown) == 200, "the key of another letter on this layout"
    here.app.view._field.text = "оқушы19"
    here.settle(10)
    assert [card.name for card in faces(here)] == [f"Оқушы{n}" for n in range(190, 200)]
    here.app.view._field.text = "оқушы199"
    here.settle(10)
    here.key("enter")
    assert here.app.person == ONE_CLASS[-1]


def test_nobody_found_is_nobody_shown(here):
    here.press(here.find("QuietButton", icon="search"))
    here.type("яя")
    here.settle()
    assert faces(here) == []
    here.key("escape")
    here.settle(10)
    assert faces(here)
