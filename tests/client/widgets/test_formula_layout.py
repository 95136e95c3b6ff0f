from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from client.widgets.formula_boxes import Box, RuleInk, StrokeInk, TextInk
from client.widgets.formula_layout import lay_out
from content.documents.formula import parse_formula
from tests.support.examples import examples

SIZE = 20.0


class Ruler:
    """Every letter is half as wide as the font is high."""

    def width(self, text, size, style):
        return len(text) * size * 0.5


def box_of(latex, **options):
    return lay_out(parse_formula(latex), Ruler(), SIZE, **options)


def texts(box):
    return [ink for ink in box.inks if isinstance(ink, TextInk)]


def text_named(box, text):
    return next(ink for ink in texts(box) if ink.text == text)


def rules(box):
    return [ink for ink in box.inks if isinstance(ink, RuleInk)]


def strokes(box):
    return [ink for ink in box.inks if isinstance(ink, StrokeInk)]


def inside(box: Box, slack: float = 0.5) -> bool:
    for ink in box.inks:
        if isinstance(ink, StrokeInk):
            xs, ys = [x for x, _ in ink.points], [y for _, y in ink.points]
            left, right, low, high = min(xs), max(xs), min(ys), max(ys)
        elif isinstance(ink, RuleInk):
            left, right, low, high = ink.x, ink.x + ink.width, ink.y, ink.y + ink.height
        else:
            left, right = ink.x, ink.x + len(ink.text) * ink.size * 0.5
            low, high = ink.y, ink.y + 0.4 * ink.size
        if left < -slack or right > box.width + slack:
            return False
        if low < -box.descent - slack or high > box.ascent + slack:
            return False
    return True


def test_a_line_keeps_its_order_on_one_baseline():
    box = box_of("5x - 7 = 2x + 8")
    assert [ink.text for ink in texts(box)] == ["5", "x", "−", "7", "=", "2", "x", "+", "8"]
    assert {ink.y for ink in texts(box)} == {0.0}
    xs = [ink.x for ink in texts(box)]
    assert xs == sorted(xs)


def test_variables_are_italic_and_numbers_and_functions_upright():
    box = box_of(r"2x + \sin y")
    styles = {ink.text: ink.style for ink in texts(box)}
    assert (styles["2"], styles["x"], styles["sin"]) == ("upright", "italic", "upright")


def test_signs_that_the_text_font_lacks_come_from_the_other():
    box = box_of(r"x \Rightarrow y \in \emptyset \ne \infty")
    styles = {ink.text: ink.style for ink in texts(box)}
    assert {styles["⇒"], styles["∈"], styles["∅"]} == {"symbol"}
    assert styles["≠"] == "upright"


def test_a_relation_has_more_space_than_an_operator_and_a_sign_has_none():
    equals, plus, minus = box_of("a=b"), box_of("a+b"), box_of("-b")
    gap = lambda box, left, right: text_named(box, right).x - text_named(box, left).x  # noqa: E731
    assert gap(equals, "a", "=") > gap(plus, "a", "+") > SIZE * 0.5
    assert gap(minus, "−", "b") == pytest.approx(SIZE * 0.5)
    after_relation = box_of("x = -b")
    assert gap(after_relation, "−", "b") == pytest.approx(SIZE * 0.5)


def test_a_fraction_stands_on_the_height_of_a_minus():
    box = box_of(r"\frac{2x+1}{3}", display=True)
    (bar,) = rules(box)
    top, bottom = text_named(box, "2"), text_named(box, "3")
    assert bar.y + bar.height / 2 == pytest.approx(0.265 * SIZE)
    assert top.y > bar.y + bar.height
    assert bottom.y + 0.74 * SIZE < bar.y
    assert bar.width > 2 * SIZE
    middle = bar.x + bar.width / 2
    assert bottom.x + SIZE * 0.25 == pytest.approx(middle)


def test_a_fraction_in_a_line_is_smaller_than_one_on_its_own():
    assert box_of(r"\frac{1}{2}").height < box_of(r"\frac{1}{2}", display=True).height
    assert texts(box_of(r"\frac{1}{2}"))[0].size < SIZE


def test_powers_go_up_and_indices_down_and_never_touch():
    box = box_of("x_1^2")
    power, index = text_named(box, "2"), text_named(box, "1")
    assert power.y > 0 > index.y
    assert index.y + 0.74 * index.size < power.y
    assert power.size == index.size < SIZE


def test_exponents_do_not_fall_below_the_smallest_size():
    box = box_of("2^{2^{2^2}}", smallest=11.0)
    assert min(ink.size for ink in texts(box)) == 11.0


def test_a_power_of_a_tall_bracket_stands_at_its_top():
    box = box_of(r"\left(\frac{a}{b}\right)^2", display=True)
    assert text_named(box, "2").y > text_named(box, "a").y


def test_a_root_covers_what_is_under_it():
    box = box_of(r"\sqrt{b^2 - 4ac}")
    (bar,), (sign,) = rules(box), strokes(box)
    letters = texts(box)
    assert bar.x <= letters[0].x
    assert bar.x + bar.width >= letters[-1].x + SIZE * 0.5
    assert bar.y >= text_named(box, "2").y
    assert max(y for _, y in sign.points) == pytest.approx(bar.y + bar.height / 2)


def test_the_degree_of_a_root_stands_in_its_crook():
    box = box_of(r"\sqrt[3]{x}")
    assert text_named(box, "3").x < text_named(box, "x").x
    assert text_named(box, "3").y > 0


def test_a_system_is_aligned_behind_one_brace():
    box = box_of(r"\begin{cases} 2x + y = 7 \\ x - y = -1 \end{cases}")
    (brace,) = strokes(box)
    upper = [ink for ink in texts(box) if ink.y > 0]
    lower = [ink for ink in texts(box) if ink.y < 0]
    assert upper[0].x == lower[0].x > max(x for x, _ in brace.points)
    ys = [y for _, y in brace.points]
    assert max(ys) > max(ink.y for ink in upper)
    assert min(ys) < min(ink.y for ink in lower)


def test_the_columns_of_cases_are_aligned():
    box = box_of(r"\begin{cases} x, & x \ge 0 \\ -x, & x < 0 \end{cases}")
    relations = [text_named(box, sign) for sign in ("≥", "<")]
    assert relations[0].x == relations[1].x


@pytest.mark.parametrize("pair", ["()", "[]", "||", (r"\{", r"\}")])
def test_brackets_grow_with_what_they_hold(pair):
    left, right = pair
    small = box_of(rf"\left{left} x \right{right}")
    tall = box_of(rf"\left{left} \frac{{1}}{{2}} \right{right}", display=True)
    assert not strokes(small)
    assert len(strokes(tall)) + len(rules(tall)) == 3
    assert tall.height > 1.8 * small.height


def test_everything_scales_with_the_size():
    tree = parse_formula(r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}")
    small, large = lay_out(tree, Ruler(), 50.0), lay_out(tree, Ruler(), 100.0)
    assert large.width == pytest.approx(2 * small.width, rel=0.01)
    assert large.height == pytest.approx(2 * small.height, rel=0.01)


_atoms = st.sampled_from(["x", "12", "+", "=", "y", r"\alpha", "(", ")", r"\text{және}", ","])
_formulas = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" ".join),
        st.tuples(inner, inner).map(lambda two: rf"\frac{{{two[0]}}}{{{two[1]}}}"),
        inner.map(lambda one: rf"\sqrt{{{one}}}"),
        inner.map(lambda one: rf"\sqrt[3]{{{one}}}"),
        st.tuples(inner, inner).map(lambda two: rf"{{{two[0]}}}^{{{two[1]}}}"),
        st.tuples(inner, inner).map(lambda two: rf"{{{two[0]}}}_{{{two[1]}}}"),
        inner.map(lambda one: rf"\left({one}\right)"),
        st.tuples(inner, inner).map(
            lambda two: rf"\begin{{cases}}{two[0]} & {two[1]} \\ {two[1]}\end{{cases}}"
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=examples(150), deadline=None)
@given(_formulas, st.booleans())
def test_no_formula_draws_outside_of_its_box(latex, display):
    assert inside(box_of(latex, display=display))
