from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from client.widgets.formula_boxes import RuleInk, TextInk
from client.widgets.paragraph_layout import Style, lay_out_paragraph, natural_width
from content.documents.document import Span
from tests.support.examples import examples

STYLE = Style(20.0)


class Ruler:
    def width(self, text, size, style):
        return len(text) * size * 0.5


def laid_out(spans, width=200.0, style=STYLE):
    return lay_out_paragraph(spans, Ruler(), style, width)


def lines(box):
    """The texts of a box from top to bottom, each line joined."""
    found = {}
    for ink in box.inks:
        if isinstance(ink, TextInk):
            found.setdefault(ink.y, []).append(ink)
    return [
        " ".join(ink.text for ink in sorted(found[y], key=lambda ink: ink.x))
        for y in sorted(found, reverse=True)
    ]


def test_words_wrap_at_the_width():
    box = laid_out([Span("one two three four five six")], 100.0)
    assert lines(box) == ["one two", "three four", "five six"]
    assert box.width <= 100.0


def test_a_hard_break_starts_a_line():
    assert lines(laid_out([Span("one\ntwo")])) == ["one", "two"]


def test_styles_mix_in_a_line_and_stay_in_order():
    box = laid_out([Span("plain "), Span("bold", bold=True), Span(" and "), Span("x", italic=True)])
    assert lines(box) == ["plain bold and x"]
    assert [ink.style for ink in box.inks] == ["upright", "bold", "upright", "italic"]


def test_punctuation_stays_with_its_formula():
    spans = [Span("seven letters "), Span("x+1", formula=True), Span(", go")]
    box = laid_out(spans, 155.0)
    by_line = lines(box)
    assert by_line[0] == "seven letters"
    assert by_line[1].endswith(", go")


def test_a_formula_shares_the_baseline_and_makes_its_line_higher():
    plain = laid_out([Span("so x is it")])
    with_fraction = laid_out([Span("so "), Span(r"\frac{a+b}{2}", formula=True), Span(" is it")])
    assert with_fraction.height > plain.height
    words = [ink for ink in with_fraction.inks if isinstance(ink, TextInk) and ink.y == 0.0]
    assert [ink.text for ink in words] == ["so", "is it"]
    assert any(isinstance(ink, RuleInk) for ink in with_fraction.inks)


def test_a_long_formula_breaks_after_its_relations():
    spans = [Span("a + b + c = d + e + f = g + h", formula=True)]
    box = laid_out(spans, 180.0)
    assert len({ink.y for ink in box.inks}) > 1
    assert box.width <= 180.0


def test_a_word_wider_than_the_line_is_broken_and_keeps_all_letters():
    box = laid_out([Span("x" * 95)], 100.0)
    assert "".join(lines(box)) == "x" * 95
    assert box.width <= 100.0


def test_a_faulty_formula_is_shown_as_written():
    box = laid_out([Span(r"\unknown{x}", formula=True)])
    assert lines(box) == [r"\unknown{x}"]


def test_alignment_moves_lines():
    centred = laid_out([Span("abcd")], 200.0, Style(20.0, align="center"))
    assert centred.inks[0].x == (200.0 - 40.0) / 2
    right = laid_out([Span("abcd")], 200.0, Style(20.0, align="right"))
    assert right.inks[0].x == 160.0


def test_arrows_come_from_the_font_that_has_them():
    box = laid_out([Span("a ⇒ b")])
    assert [ink.style for ink in box.inks] == ["upright", "symbol", "upright"]


def test_the_natural_width_is_that_of_one_line():
    assert natural_width([Span("ab cd")], Ruler(), STYLE) == 50.0


def test_nothing_makes_one_empty_line():
    assert laid_out([]).height > 0
    assert laid_out([Span("   ")]).inks == ()


_spans = st.lists(
    st.one_of(
        st.text("аб cd,.\n ", max_size=30).map(Span),
        st.sampled_from(["x", r"\frac{1}{2}", "a=b"]).map(lambda text: Span(text, formula=True)),
    ),
    max_size=6,
)


@settings(max_examples=examples(150), deadline=None)
@given(_spans, st.floats(60.0, 400.0))
def test_no_letter_is_lost_and_no_line_too_wide(spans, width):
    box = laid_out(spans, width)
    words = "".join(span.text for span in spans if not span.formula)
    drawn = "".join(
        ink.text for ink in box.inks if isinstance(ink, TextInk) and ink.style == "upright"
    )
    for letter in "абcd,.":
        assert drawn.count(letter) == words.count(letter)
    assert box.width <= width + 0.5


def test_a_broken_formula_keeps_the_space_after_its_relation():
    whole = laid_out([Span("ab = cd", formula=True)], 400.0)
    broken = laid_out([Span("ab = cd", formula=True)], whole.width * 1.5)
    places = [[ink.x for ink in box.inks] for box in (whole, broken)]
    assert len(broken.inks) == len(whole.inks)
    assert max(abs(one - other) for one, other in zip(*places)) < 0.01
