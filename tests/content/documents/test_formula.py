from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents.formula import (
    Cases,
    Fence,
    Frac,
    Root,
    Row,
    Script,
    Symbol,
    Words,
    parse_formula,
    plain_text,
)
from content.errors import FormulaError


def only(latex: str) -> object:
    (node,) = parse_formula(latex).children
    return node


def test_the_nodes() -> None:
    x, two = Symbol("x", "variable"), Symbol("2", "number")
    assert only(r"\frac{x}2") == Frac(x, two)
    assert only("x^2") == Script(x, two, None)
    assert only("x_2") == Script(x, None, two)
    assert only("x_{2}^{x}") == Script(x, x, two)
    assert only(r"\sqrt{2}") == Root(two, None)
    assert only(r"\sqrt[2]{x}") == Root(x, Row((two,)))
    assert only(r"\left( x \right]") == Fence("(", Row((x,)), "]")
    assert only(r"\left\{ x \right.") == Fence("{", Row((x,)), "")
    assert only(r"\text{егер  }") == Words("егер  ")
    assert only(r"\begin{cases} x & 2 \\ 2 \end{cases}") == Cases(
        ((Row((x,)), Row((two,))), (Row((two,)),))
    )
    assert only("12,5") == Symbol("12,5", "number")
    assert only("-") == Symbol("−", "operator")
    assert only(r"\sin") == Symbol("sin", "function")
    assert parse_formula("  ") == Row(())


@pytest.mark.parametrize(
    ("latex", "position"),
    [
        (r"x + \foo", 4),
        (r"\frac{1}", 8),
        ("x^", 2),
        ("x^2^3", 4),
        ("{x", 2),
        ("x}", 1),
        (r"\left( x", 8),
        (r"\left x \right)", 6),
        (r"\text{a", 7),
        (r"\text{\frac}", 6),
        (r"\begin{matrix}\end{matrix}", 6),
        (r"\begin{cases}x", 14),
        (r"\sqrt[3", 7),
        ("a & b", 2),
        ("x # y", 2),
        ("\\", 0),
        ("$", 0),
    ],
)
def test_what_cannot_be_drawn_is_told_with_its_place(latex: str, position: int) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_formula(latex)
    assert caught.value.position == position
    assert "character" in str(caught.value)


@pytest.mark.parametrize(
    "latex",
    ["{" * 1000, r"\sqrt" * 300 + "x", r"\frac" * 300, "x^" * 900, r"\left(" * 300,
        r"\overline" * 200 + "x",
     r"\begin{cases}" * 100, "x" * 2001],
)  # fmt: skip
def test_hostile_nesting_is_a_typed_error(latex: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(latex)


PIECES = st.sampled_from(
    ["{", "}", "^", "_", "[", "]", "&", "\\\\", "\\frac", "\\sqrt", "\\left", "\\right",
        "\\begin{cases}",
     "\\end{cases}", "\\text{a}", "x", "2", "(", ")", " ", "'", "-", "=", "\\cdot", "\\foo"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=40))
def test_anything_parses_or_is_refused(latex: str) -> None:
    try:
        tree = parse_formula(latex)
    except FormulaError as problem:
        assert 0 <= problem.position <= len(latex)
    else:
        assert isinstance(plain_text(tree), str)
