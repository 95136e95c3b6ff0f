from __future__ import annotations

import pytest

from tests.support.screens import stage
from tests.support.showcase import Showcase

pytestmark = pytest.mark.screen

CODE = "4829105733689214"


@pytest.fixture
def here(tmp_path):
    opened = stage(Showcase(tmp_path, fresh=True))
    yield opened
    opened.close()


def _code(here):
    field = here.find("CodeField")
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
