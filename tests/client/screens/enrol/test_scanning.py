"""Joining by a card that is held before the camera."""

from __future__ import annotations

import pytest

from client.screens.enrol.scanning import Scanning
from client.video.player import Picture
from sync.card import Card
from tests.support.screens import stage
from tests.support.showcase import Showcase

pytestmark = pytest.mark.screen
CODE = "4830192756120933"
GREY = Picture(4, 3, b"\x80" * 48, 0.0)


class TurnedOn:
    """A camera that shows grey; ``seen`` is what it asks about pictures."""

    def __init__(self, seen):
        self.seen, self.closed, self.failed = seen, False, False

    def take_picture(self):
        return GREY

    def close(self):
        self.closed = True


class Taking:
    def __init__(self):
        self.cards, self.told = [], 0

    def take_card(self, card):
        self.cards.append(card)

    def changed(self):
        self.told += 1


@pytest.fixture
def taking():
    return Taking()


def show_card(monkeypatch, card):
    monkeypatch.setattr("client.video.card_reader.card_in", lambda _: card)


def test_a_card_is_taken_once_and_the_camera_goes_out(taking, monkeypatch):
    opened = []

    def turn_on(seen):
        opened.append(TurnedOn(seen))
        return opened[-1]

    scanning = Scanning(taking, turn_on)
    scanning.start()
    scanning.start()
    assert scanning.on and len(opened) == 1
    show_card(monkeypatch, None)
    assert not opened[0].seen(GREY) and scanning.look() is GREY
    show_card(monkeypatch, Card(CODE, "http://10.0.0.2"))
    assert opened[0].seen(GREY)
    assert scanning.look() is None and scanning.look() is None
    assert taking.cards == [Card(CODE, "http://10.0.0.2")]
    assert opened[0].closed and not scanning.on


def test_a_machine_without_a_camera_says_so(taking):
    scanning = Scanning(taking, lambda _: None)
    scanning.start()
    assert (scanning.on, scanning.problem.key) == (False, "enrol.camera.none")


def test_a_camera_that_gives_no_picture_is_given_up(taking):
    opened = []
    scanning = Scanning(taking, lambda seen: opened.append(TurnedOn(seen)) or opened[0])
    scanning.start()
    opened[0].failed = True
    assert scanning.look() is None
    assert (scanning.on, scanning.problem.key) == (False, "enrol.camera.failed")
    assert opened[0].closed


@pytest.fixture(params=((1024, 600), (360, 640)), ids=str)
def here(request, tmp_path):
    opened = stage(Showcase(tmp_path, fresh=True), size=request.param)
    opened.app.model.scanning._open = TurnedOn
    yield opened
    opened.close()


def test_the_card_joins_by_itself(here, monkeypatch):
    model = here.app.model
    button = here.find("QuietButton", text=here.app.messages.text("enrol.camera"))
    here.press(button)
    here.wait(lambda: here.find("VideoStage").frames > 0)
    assert here.findings() == []
    show_card(monkeypatch, Card(CODE, "http://192.168.1.10:8765"))
    model.scanning._camera.seen(GREY)
    here.wait(lambda: model.error is not None)
    assert here.find("DigitsField").text == "4830 1927 5612 0933"
    assert here.findings() == []
    here.app.laptop.wrong_codes = False
    model.scanning.start()
    here.settle()
    model.scanning._camera.seen(GREY)
    here.wait(lambda: here.app.history[-1].name == "who")


def test_one_may_go_back_to_typing(here):
    here.app.model.scanning.start()
    here.settle()
    camera = here.app.model.scanning._camera
    here.key("escape")
    here.settle()
    assert camera.closed
    here.press(here.find("DigitsField"))
    here.type(CODE)
    assert here.app.model.code == CODE
    assert here.findings() == []


def test_leaving_puts_the_camera_out(here):
    here.app.model.scanning.start()
    camera = here.app.model.scanning._camera
    here.app.go("who")
    assert camera.closed
