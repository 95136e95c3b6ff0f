from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.importing.shares import number_of, percent, points_of, said
from content.number import MAX_TYPED, parse_number


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("100", Fraction(1)), ("33.33333", Fraction(1, 3)), ("-16.66667", Fraction(-1, 6)),
        ("50,0", Fraction(1, 2)), ("12.5", Fraction(1, 8)), ("x", None),
    ],
)  # fmt: skip
def test_percents_mean_simple_fractions(text: str, share: Fraction) -> None:
    assert percent(text) == share


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.5e3", 1500),
        ("2E-2", Fraction(1, 50)),
        ("6*10^3", 6000),
        ("3,5", Fraction(7, 2)),
        ("e3", None),
    ],
)
def test_powers_of_ten(text: str, number: Fraction) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(5), "5"),
        (Fraction(-1, 4), "-0.25"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 200), "0.005"),
    ],
)
def test_numbers_are_said_shortly(number: Fraction, text: str) -> None:
    assert said(number) == text


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6))
def test_what_is_said_is_read_back(number: Fraction) -> None:
    text = said(number)
    assert len(text) <= MAX_TYPED
    assert parse_number(text) == number


def test_points_have_two_decimals() -> None:
    assert points_of("1.0000000") == 1
    assert points_of("0.333") == Fraction(33, 100)
    assert points_of("0") is None
    assert points_of("101") is None
