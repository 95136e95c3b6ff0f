"""A sealed test and its criteria on the screen: the code opens it, what is sealed stays unsaid."""

from __future__ import annotations

import json
from typing import ClassVar, Dict

import pytest

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.screens.task.model import Page
from content.errors import SourceError
from content.fields import Fields
from content.sealing.task import codes, open_task, sealed_values
from content.task import read_task
from tests.content.sealing.samples import sealed_task
from tests.support.laptop import AIGERIM, PACK, TEACHER_SAULE
from tests.support.lesson_pack import PackLaptop
from tests.support.screens import stage

pytestmark = pytest.mark.screen
PLACE = f"{PACK}/solving/practice"
WHERE = {"pack": PACK, "lesson": "solving", "task": "practice"}
TEXT = {"kk": "Критерий", "ru": "Критерий"}


def values():
    descriptor = [{"id": "d", "text": {"kk": "Түбірін табады"}, "points": 2}]
    kept = [item for item in sealed_task("all")["item"] if item["id"] in ("n", "c", "t")]
    return {
        **sealed_task("all"),
        "criterion": [{"id": "one", "text": TEXT, "descriptor": descriptor}],
        "item": [{**item, "criterion": "one"} for item in kept],
    }


class SealedLaptop(PackLaptop):
    """A laptop in memory whose task is sealed until its code is typed."""

    keys: ClassVar[Dict[str, bytes]] = {}
    closed = "sealed"

    def fields(self):
        built = sealed_values(Fields(values(), "task", SourceError), PLACE, b"s" * 32)
        return Fields(built, "task", SourceError)

    def task(self, person, pack, lesson, task, attempt):
        opening = open_task(self.fields(), PLACE, self.keys)
        if opening.questions_sealed:
            raise failure(self.closed, Fault.YOUR_DATA)
        read = read_task(task, opening.fields)
        return type(read)(**{**vars(read), "key_sealed": opening.key_sealed})

    def unlock(self, person, pack, lesson, task, code):
        from content.sealing.errors import WrongCodeError
        from content.sealing.task import unlock

        try:
            name, key = unlock(self.fields(), PLACE, code)
        except WrongCodeError as error:
            raise failure("code-wrong", Fault.YOUR_DATA) from error
        self.keys = {**self.keys, name: key}


@pytest.fixture
def here(tmp_path):
    opened = stage(SealedLaptop(tmp_path))
    opened.app.sign_in(AIGERIM)
    opened.app.go("task", **WHERE)
    opened.wait(lambda: opened.app.model.page is not Page.OPENING)
    yield opened
    opened.close()


def code(part):
    card = codes(Fields(values(), "task", SourceError), PLACE, b"s" * 32)
    return next(one.code for one in card if one.part == part)


def test_the_code_opens_the_questions_and_nothing_is_told(here):
    model = here.app.model
    assert model.page is Page.SEALED
    field = here.find("TextField")
    field.text = "0000-0000-0000"
    model.unlocking.unlock()
    here.wait(lambda: not model.unlocking.busy)
    assert model.unlocking.problem.key == "error.code-wrong"
    assert here.find("TextField").text == "0000-0000-0000"
    here.find("TextField").text = code("questions").lower()
    model.unlocking.unlock()
    here.wait(lambda: model.page is Page.ITEM)
    assert model.task.key_sealed
    assert not model.can_check
    assert model.may_try_again is False
    model.answers = {"n": "5", "c": "a", "t": "x"}
    model.page = Page.SUMMARY
    model.changed()
    here.settle()
    assert here.findings() == []
    said = json.dumps([str(label.text) for label in here.app.view.walk() if hasattr(label, "text")])
    assert json.dumps("Түбірін табады")[1:-1] in said
    assert TEACHER_SAULE.is_teacher


def test_it_opens_without_asking_when_a_sync_brought_the_schools_code(here):
    model, laptop = here.app.model, here.app.session.laptop
    here.find("TextField").text = "K7PM"
    laptop.closed = "opening-wrong"
    model.reload()
    here.wait(lambda: model.unlocking.problem is not None)
    assert (model.page, model.unlocking.problem.key) == (Page.SEALED, "error.opening-wrong")
    assert here.find("TextField").text == "K7PM"
    assert here.findings() == []
    model.reload()
    here.settle()
    assert here.find("TextField").text == "K7PM"
    laptop.unlock("", "", "", "", code("questions"))
    model.reload()
    here.wait(lambda: model.page is Page.ITEM)
    assert model.task.key_sealed
