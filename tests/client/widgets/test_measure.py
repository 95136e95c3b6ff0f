from __future__ import annotations

import pytest

from tests.support.screens import prepare

pytestmark = pytest.mark.screen
WORDS = "Ньютонның бірінші заңы және инерция туралы қысқаша түсінік"


@pytest.fixture(scope="module")
def measure():
    prepare()
    from client.widgets import measure

    return measure


@pytest.mark.parametrize("width", [90, 137, 200, 333, 900])
@pytest.mark.parametrize(("size", "bold"), [(14, False), (18, True)])
def test_lines_are_counted_as_kivy_breaks_them(measure, width, size, bold):
    from kivy.core.text import Label

    label = Label(text=WORDS, font_size=size, bold=bold, text_size=(width, None))
    label.refresh()
    lines = measure.line_count(WORDS, width, size, bold)
    assert lines == len(label._cached_lines)
    assert measure.text_height(WORDS, width, size, bold) >= label.content_height


def test_a_hard_space_keeps_words_together(measure):
    width = measure.text_width("бір сабақ", 16) + 1
    assert measure.line_count("бір сабақ", width, 16) == 1
    assert measure.line_count("жаңа бір\u00a0сабақ", width, 16) == 2


def test_text_shrinks_until_its_widest_word_fits(measure):
    size = measure.fitting_size([WORDS], 16, 40)
    assert size < 16
    assert measure.widest_word(WORDS, size) <= 42
    assert measure.fitting_size([WORDS], 16, 400) == 16


def test_kazakh_letters_have_shapes_of_their_own_in_both_weights(measure):
    from kivy.core.text import Label

    def drawn(letter, bold):
        label = Label(text=letter, font_size=40, bold=bold)
        label.refresh()
        return bytes(label.texture.pixels)

    for bold in (False, True):
        missing = drawn("\ue000", bold)
        shapes = {letter: drawn(letter, bold) for letter in "әғқңөұүһіӘҒҚҢӨҰҮҺІ"}
        assert missing not in shapes.values()
        assert len(set(shapes.values())) == len(shapes)
