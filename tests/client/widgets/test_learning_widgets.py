from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laptop import sample_laptop
from tests.support.screens import stage

pytestmark = pytest.mark.screen


@pytest.fixture(scope="module", autouse=True)
def window(tmp_path_factory):
    """The modules under test import Kivy's widgets: they need a window first."""
    opened = stage(sample_laptop(tmp_path_factory.mktemp("laptop")))
    yield opened
    opened.close()


def test_keys_of_the_pad_type_and_erase():
    from client.widgets.answers import ERASE, LONGEST_NUMBER, PAD, typed
    from content.number import parse_number

    text = ""
    for key in ("−", "5", "/", "2"):
        text = typed(text, key)
    assert text == "−5/2"
    assert typed(text, ERASE) == "−5/"
    assert typed("", ERASE) == ""
    assert len(typed("1" * LONGEST_NUMBER, "2")) == LONGEST_NUMBER
    digits = {key for row in PAD for key in row if key.isdigit()}
    assert all(parse_number(key) is not None for key in digits)
    assert len(digits) == 10


def test_a_picture_is_whole_and_undistorted():
    from client.widgets.document_picture import fitted
    from client.widgets.video_stage import letterboxed

    assert letterboxed((160, 90), (10, 20, 320, 320)) == (10, 90, 320, 180)
    assert letterboxed((0, 0), (0, 0, 10, 10)) == (0, 0, 0, 0)
    assert fitted(300, (600, 400), 1000) == (300, 200)
    assert fitted(1000, (100, 50), 1000) == (150, 75)
    assert fitted(0, (100, 50), 1000) == (0, 0)


@given(st.lists(st.floats(1, 500), max_size=8), st.floats(50, 1000))
def test_columns_share_the_width_and_none_is_lost(natural, width):
    from client.widgets.document_table import column_widths

    widths = column_widths(natural, width)
    assert len(widths) == len(natural)
    if natural:
        assert sum(widths) == pytest.approx(width)
        assert min(widths) > 0


def test_a_long_document_is_built_in_parts_and_drawn_where_it_is_seen(window):
    from client.widgets.card import Column
    from client.widgets.document import Document
    from client.widgets.page import Scroll
    from content.documents.document import parse_document

    text = "\n\n".join(f"Абзац {number}: $x^{number}$ және сөздер." for number in range(200))
    scroll = Scroll(size_hint=(None, None), size=(500, 400))
    document = Document(parse_document(text), scroller=scroll)
    built_first = len(document.children)
    column = Column()
    column.add_widget(document)
    scroll.add_widget(column)
    window.app.surface.add_widget(scroll)
    window.wait(lambda: document.complete)
    assert built_first < 200 == len(document.children)
    window.settle()
    top, bottom = document.children[-1], document.children[0]
    assert (top.drawn, bottom.drawn) == (True, False)
    scroll.scroll_y = 0
    window.settle()
    assert (top.drawn, bottom.drawn) == (False, True)
    window.app.surface.remove_widget(scroll)


def test_a_formula_too_wide_for_the_screen_shrinks_and_then_scrolls(window):
    from client.widgets.document import FormulaLine

    line = FormulaLine("a + b + c + d = e", 20)
    line.width = 1000
    whole = line.formula.box.width
    line.width = whole * 0.8
    assert line.formula.box.width <= line.width
    assert not line.do_scroll_x
    line.width = whole * 0.3
    assert line.do_scroll_x
    assert line.formula.width >= line.formula.box.width


@pytest.mark.parametrize(
    "markdown",
    [
        "- a\n- b\n  - c",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> quote",
        "```\ncode\n```",
        "---",
        "![x](no.png)",
    ],
)
def test_every_kind_of_block_has_a_height(window, markdown):
    from client.widgets.document import Document
    from content.documents.document import parse_document

    document = Document(parse_document(markdown), size_hint_x=None, width=400)
    window.app.surface.add_widget(document)
    window.settle()
    assert document.height >= 1
    assert document.children
    window.app.surface.remove_widget(document)
