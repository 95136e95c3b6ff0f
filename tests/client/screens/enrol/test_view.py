from __future__ import annotations

import pytest

from tests.support.screens import stage
from tests.support.showcase import Showcase
from tests.support.showcase_sticks import SCHOOL_STICK

pytestmark = pytest.mark.screen

CODE = "4829105733689214"


@pytest.fixture
def here(tmp_path):
    opened = stage(Showcase(tmp_path, fresh=True))
    yield opened
    opened.close()


def _code(here):
    field = here.find("DigitsField")
    here.press(field)
    return field


def test_digits_that_come_within_one_frame_stay_in_order(here):
    field = _code(here)
    for digit in CODE:
        here.window.dispatch("on_textinput", digit)
    here.settle()
    assert here.app.model.code == CODE
    assert field.text == "4829 1057 3368 9214"


def test_the_keys_of_a_kazakh_layout_mean_the_digits_on_them(here):
    _code(here)
    here.type('ңүәұ"қғ.іі,үұә"ң')
    assert here.app.model.code == CODE


def test_a_pasted_code_keeps_its_digits_alone(here):
    field = _code(here)
    field.insert_text("4829-1057.3368, 9214")
    assert here.app.model.code == CODE


def test_a_digit_is_mended_in_the_middle(here):
    field = _code(here)
    here.type("4820105733689214")
    field.cursor = field.get_cursor_from_index(4)
    field.do_backspace()
    here.type("9")
    assert here.app.model.code == CODE
    assert field.text == "4829 1057 3368 9214"


GOOD_CODE = "4830192756120933"


def _stick_in(here):
    from tests.support.stops_sticks import put_in

    put_in(here, SCHOOL_STICK)
    here.settle()
    return here.app.laptop.sticks


def test_with_the_schools_stick_the_code_alone_joins_and_lessons_come_at_once(here):
    shown = _stick_in(here)
    assert SCHOOL_STICK.name in here.words()
    _code(here)
    here.type(GOOD_CODE)
    here.key("enter")
    here.wait(lambda: here.app.history[-1].name == "who" and not here.app.porter.running)
    assert shown.enrolled == [(SCHOOL_STICK.root, "4830 1927 5612 0933")]
    assert shown.visited == [SCHOOL_STICK.root]


def test_a_stick_without_an_invitation_says_so_and_an_address_goes_before_a_stick(here):
    shown = _stick_in(here)
    shown.no_invitation = True
    _code(here)
    here.type(GOOD_CODE)
    here.key("enter")
    here.wait(lambda: here.app.model.error is not None)
    assert here.app.messages.text(here.app.model.error) in here.words()
    here.app.model.type_address("192.168.1.10:8000")
    assert here.app.model.stick is None
    assert SCHOOL_STICK.name not in here.words()
