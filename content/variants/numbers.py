"""Exact arithmetic that stays small: whole numbers and fractions, never floating point.

A number is an ``int`` where it is whole, else a ``Fraction``; numerators and denominators have at
most `MAX_BITS` bits. What is larger, or has no value, raises NoValueError.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Union

from content.variants.errors import NoValueError

Number = Union[int, Fraction]

MAX_BITS = 256
"""About 77 digits."""
MAX_EXPONENT = 64


def kept(value: Number) -> Number:
    """The number in its plain form, if it is not too large."""
    top, bottom = value.numerator, value.denominator
    if bottom == 1:
        value = top
    if top.bit_length() > MAX_BITS or bottom.bit_length() > MAX_BITS:
        raise NoValueError(f"A number of more than {MAX_BITS * 3 // 10} digits comes out.")
    return value


def divided(top: Number, bottom: Number) -> Number:
    """The exact quotient."""
    if bottom == 0:
        raise NoValueError("It divides by zero.")
    return kept(Fraction(top, bottom))


def remainder(top: Number, bottom: Number) -> Number:
    """What is left of ``top`` divided by ``bottom``, with the sign of ``bottom``."""
    if bottom == 0:
        raise NoValueError("It divides by zero.")
    return kept(top % bottom)


def power(base: Number, exponent: Number) -> Number:
    """``base`` to a whole power of at most `MAX_EXPONENT`, up or down."""
    if not isinstance(exponent, int) or abs(exponent) > MAX_EXPONENT:
        raise NoValueError(f"A power must be whole and at most {MAX_EXPONENT}.")
    if exponent < 0:
        return divided(1, power(base, -exponent))
    longest = max(base.numerator.bit_length(), base.denominator.bit_length())
    if longest * exponent > 4 * MAX_BITS:
        raise NoValueError("A power is too large.")
    return kept(base**exponent)


def square_root(value: Number) -> Number:
    """The root of a square of a whole number or a fraction; others have no value here."""
    if value < 0:
        raise NoValueError("It takes the root of a negative number.")
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if (top * top, bottom * bottom) != (value.numerator, value.denominator):
        raise NoValueError("It takes a root that is not exact.")
    return kept(Fraction(top, bottom))


def rounded(value: Number, digits: int = 0) -> Number:
    """Rounded to so many decimals, halves away from zero, as it is taught at school."""
    scale = 10**digits
    exact = abs(Fraction(value)) * scale
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return kept(Fraction(whole if value >= 0 else -whole, scale))


def whole(value: Number, name: str) -> int:
    """The number, which must be whole; ``name`` is the function that asks for it."""
    if not isinstance(value, int):
        raise NoValueError(f"{name} asks for whole numbers.")
    return value
