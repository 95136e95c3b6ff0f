from __future__ import annotations

import pytest

from tests.support.laptop import AIGERIM, PACK, TEACHER_SAULE
from tests.support.lesson_pack import PackLaptop
from tests.support.screens import stage

pytestmark = pytest.mark.screen


@pytest.fixture(params=[(1024, 600), (360, 640)])
def here(tmp_path, request):
    laptop = PackLaptop(tmp_path)
    answers = {"root": "b", "why": "Себебі екі жағы тең"}
    laptop.hand_in(AIGERIM.id, PACK, "solving", "practice", answers, "kk")
    opened = stage(laptop, size=request.param)
    opened.app.sign_in(TEACHER_SAULE)
    opened.settle()
    yield opened
    opened.close()


def test_from_the_class_to_a_mark(here):
    """Open the work from the class, give points and a phrase, save: the pupil has the mark."""
    here.press(here.find("CellButton"))
    here.wait(lambda: getattr(here.app.model, "detail", None) is not None)
    assert "Оқушының жауабы" in here.words(), "on a phone too, the work and not the list"
    here.key("escape")
    assert here.app.history[-1].name == "class_work"
    here.press(here.find("CellButton"))
    here.wait(lambda: getattr(here.app.model, "detail", None) is not None)
    here.app.rebuild()
    here.settle()
    here.app.model.step(1)
    here.app.model.add_phrase("Жарайсың!")
    here.settle()
    assert here.find("TextField").text == "Жарайсың!"
    assert "1,5 / 6" in here.words()
    save = here.find("PrimaryButton", text="Бағаны сақтау")
    save.dispatch("on_release")
    here.wait(lambda: not here.app.model.works)
    mark = here.app.laptop.works(AIGERIM.id)[0].mark
    assert (mark.points, mark.comment) == (1.5, "Жарайсың!")
    assert "Бәрі тексерілді" in here.words()


def test_every_ready_comment_can_be_reached(here):
    here.app.open_place("review")
    here.wait(lambda: here.app.model.detail is not None)
    if here.app.wide:
        assert "Тағы бір рет" not in here.words()
        here.press(here.find("IconButton", hint="Басқа пікірлер"))
    else:
        here.app.view._open(here.app.model.works[0])
        here.settle()
    here.press(here.find("QuietButton", text="Тағы бір рет орындап көр."))
    assert here.find("TextField").text == "Тағы бір рет орындап көр."
    assert not here.findings()


def test_the_answers_are_read_by_keys_while_a_comment_keeps_its_own(here):
    here.app.open_place("review")
    here.wait(lambda: here.app.model.detail is not None)
    if not here.app.wide:
        here.app.view._open(here.app.model.works[0])
        here.settle()
    here.key("pagedown")
    assert here.app.view.scroller().scroll_y < 1
    here.key("home")
    assert here.app.view.scroller().scroll_y == 1
    field = here.find("TextField")
    here.app.ring.focus(field)
    here.settle()
    before = here.app.view.scroller().scroll_y
    here.type("Жақсы")
    here.key("home")
    here.key("end")
    assert here.app.view.scroller().scroll_y == before


def test_typing_a_comment_rebuilds_nothing(here):
    here.app.open_place("review")
    here.wait(lambda: here.app.model.detail is not None)
    if not here.app.wide:
        here.app.view._open(here.app.model.works[0])
        here.settle()
    field = here.find("TextField")
    field.focus = True
    here.settle()
    here.type("Жақсы жұмыс")
    here.app.model.step(1)
    here.settle()
    assert here.find("TextField") is field
    assert here.app.model.comment == "Жақсы жұмыс"
