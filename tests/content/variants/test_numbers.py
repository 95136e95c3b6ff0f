"""Exact arithmetic stays small."""

from __future__ import annotations

from fractions import Fraction

import pytest

from content.variants import numbers
from content.variants.errors import NoValueError


def test_whole_numbers_are_plain() -> None:
    assert type(numbers.kept(Fraction(6, 3))) is int
    assert type(numbers.kept(Fraction(1, 3))) is Fraction


def test_a_number_of_too_many_digits_is_refused() -> None:
    numbers.kept(2 ** (numbers.MAX_BITS - 1))
    for value in (2**numbers.MAX_BITS, Fraction(1, 2**numbers.MAX_BITS)):
        with pytest.raises(NoValueError, match="digits"):
            numbers.kept(value)


def test_a_power_is_refused_before_it_is_computed() -> None:
    large = 2 ** (numbers.MAX_BITS - 1)
    with pytest.raises(NoValueError):
        numbers.power(large, 64)


@pytest.mark.parametrize(
    ("value", "digits", "worth"),
    [
        (Fraction(5, 2), 0, 3),
        (Fraction(-5, 2), 0, -3),
        (Fraction(1, 3), 2, Fraction(33, 100)),
        (Fraction(2, 3), 1, Fraction(7, 10)),
        (7, 3, 7),
    ],
)
def test_rounding_is_that_of_school(value: Fraction, digits: int, worth: Fraction) -> None:
    assert numbers.rounded(value, digits) == worth
