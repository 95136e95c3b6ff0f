from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.number import parse_number

HALF_FIVE = Fraction(5, 2)


@pytest.mark.parametrize(
    "typed",
    [
        "2,5", "2.5", "5/2", " 2.50 ", "+2,5", "2 1/2", "10/4", "x=2,5", "x = 5/2",
        "х = 2.5", "Y=2,5", "(2,5)", "x=(5/2)", "2,5.", "5/2.", "x1 = 2,5", "x₁=2,5;",
        "\u00a02,5\u202f", "２．５", "5⁄2", "5 / 2", "-5/-2", "2,500", "\ufeff2,5",
    ],
)  # fmt: skip
def test_one_number_as_children_type_it(typed: str) -> None:
    assert parse_number(typed) == HALF_FIVE


@pytest.mark.parametrize("minus", "-−–—‒‑﹣－")
def test_every_minus(minus: str) -> None:
    assert parse_number(f"{minus}3") == -3
    assert parse_number(f"{minus} 2 1/2") == -HALF_FIVE
    assert parse_number(f"x = {minus}3") == -3


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 000", 1000),
        ("12 345 678,5", Fraction(24691357, 2)),
        ("5.", 5),
        (",5", Fraction(1, 2)),
        ("007", 7),
    ],
)
def test_other_numbers(typed: str, value: Fraction) -> None:
    assert parse_number(typed) == value


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "x", "x=", "=5", "five", "1/0", "2 1/0", "1/", "/2", "1//2", "1/2/3", "5²",
        "²", "½x", "1,234.5",
        "1.2.3", "2 5", "1 00", "--3", "3-", "1e5", "0x10", "nan", "inf", "xy=5", "x==5",
        "x=5=5", "5=x", "x12=5", ".", ";", "((5))",
        "٥", "9" * 61, "5 км", "x=y",
    ],
)  # fmt: skip
def test_what_is_no_number(typed: str) -> None:
    assert parse_number(typed) is None


@given(st.none() | st.integers() | st.floats() | st.lists(st.text()) | st.binary())
def test_other_types_are_no_number(answer: object) -> None:
    assert parse_number(answer) is None


@given(st.text(max_size=80) | st.text("0123456789,./-− x=()", max_size=20))
def test_never_raises_and_is_the_same_twice(typed: str) -> None:
    assert parse_number(typed) == parse_number(typed)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_decimals_are_exact_with_comma_and_point(value: object) -> None:
    text = f"{value:f}"
    assert parse_number(text) == Fraction(text)
    assert parse_number(text.replace(".", ",")) == Fraction(text)


@given(st.fractions(max_denominator=10**6, min_value=-(10**6), max_value=10**6))
def test_fractions_are_exact(value: Fraction) -> None:
    assert parse_number(f"{value.numerator}/{value.denominator}") == value
