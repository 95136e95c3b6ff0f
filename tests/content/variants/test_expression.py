"""Formulas: what they are worth, what is refused, and what no formula can do."""

from __future__ import annotations

import contextlib
from fractions import Fraction
from typing import Dict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.variants.errors import NoValueError, VariantError
from content.variants.expression import is_name, parse, parse_truth
from content.variants.expression import parse_number as number
from content.variants.functions import Value
from tests.support.examples import examples

NAMES: Dict[str, Value] = {"a": 6, "b": -4, "h": Fraction(1, 2)}

WORTH = [
    ("1 + 2*3", 7),
    ("(1 + 2)*3", 9),
    ("2^3^2", 512),
    ("-2^2", -4),
    ("2^-2", Fraction(1, 4)),
    ("7 % 3", 1),
    ("-7 % 3", 2),
    ("a/b", Fraction(-3, 2)),
    ("a - -b", 2),
    ("6/3", 2),
    ("0.1 + 0.2", Fraction(3, 10)),
    ("gcd(12, 18, 8)", 2),
    ("lcm(4, 6)", 12),
    ("abs(b) + min(a, b) + max(a, b, 9)", 9),
    ("floor(-h) + ceil(h)", 0),
    ("round(5/2) + round(-5/2) + round(2/3, 2)", Fraction(67, 100)),
    ("sqrt(9/4)", Fraction(3, 2)),
    ("if(a > b, 1, 1/0)", 1),
    ("numerator(6/4) * 10 + denominator(6/4)", 32),
    ("2 \u00b7 3 \u2212 1 \u00f7 2", Fraction(11, 2)),
]
TRUE = [
    "a > b and not a == b",
    "0 < h < 1",
    "a = 6 or 1/0 = 1",
    "whole(a) and not whole(h)",
    "square(49/4) and not square(2) and not square(-4)",
    "a \u2260 b",
]
WRONG = [
    "",
    "1 +",
    "(1",
    "1 2",
    "2x",
    "unknown + 1",
    "a.b",
    "__import__('os')",
    "a[0]",
    "open(a)",
    "gcd(1)",
    "abs(1, 2)",
    "a and b",
    "(a < b) + 1",
    "if(a, 1, 2)",
    "if(a > 1, 1, 1 < 2)",
    "not a",
    "and",
    "a =",
    "1..2",
    "lambda: 1",
    "9" * 31,
    "(" * 40 + "1" + ")" * 40,
    "2^" * 40 + "1",
    "1+" * 300 + "1",
]
VALUELESS = [
    "1/0",
    "1 % 0",
    "sqrt(2)",
    "sqrt(-1)",
    "2^65",
    "2^h",
    "(2^64)^64",
    "gcd(h, 2)",
    "0^-1",
    "round(1, 13)",
    "10^60 * 10^60",
]


@pytest.mark.parametrize(("text", "worth"), WORTH)
def test_what_formulas_are_worth(text: str, worth: object) -> None:
    value = number(text, NAMES).evaluate(NAMES)
    assert value == worth
    assert type(value) is type(worth)


@pytest.mark.parametrize("text", TRUE)
def test_what_is_true(text: str) -> None:
    assert parse_truth(text, NAMES).evaluate(NAMES) is True


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_formula_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(VariantError) as refused:
        number(text, NAMES)
    assert not isinstance(refused.value, NoValueError)


@pytest.mark.parametrize("text", VALUELESS)
def test_what_has_no_value_says_so_when_it_is_evaluated(text: str) -> None:
    with pytest.raises(NoValueError):
        number(text, NAMES).evaluate(NAMES)


def test_a_condition_is_no_number_and_a_number_no_condition() -> None:
    with pytest.raises(VariantError, match="number is wanted"):
        number("a < b", NAMES)
    with pytest.raises(VariantError, match="condition is wanted"):
        parse_truth("a + b", NAMES)


def test_a_formula_knows_its_names() -> None:
    assert parse("a + a*h", NAMES).names == ("a", "h")


def test_names() -> None:
    assert [
        one
        for one in ("a", "x1", "speed_2", "1a", "if", "gcd", "a b", "", "\u0430", "and")
        if is_name(one)
    ] == ["a", "x1", "speed_2"]


@settings(max_examples=examples(150), deadline=None)
@given(st.text(alphabet="ab1.5+-*/^%()<>=!, andifgcorsqt\u2212\ud83d\ude00", max_size=60))
def test_any_text_is_a_value_or_a_typed_error(text: str) -> None:
    with contextlib.suppress(VariantError):
        parse(text, NAMES).evaluate(NAMES)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.fractions(max_denominator=50, min_value=-99, max_value=99),
    st.fractions(max_denominator=50, min_value=-99, max_value=99),
)
def test_arithmetic_is_that_of_fractions(left: Fraction, right: Fraction) -> None:
    values: Dict[str, Value] = {"a": left, "b": right}
    assert number("a*b - (a + b)", values).evaluate(values) == left * right - (left + right)
    if right:
        assert number("a/b + a % b", values).evaluate(values) == left / right + left % right
