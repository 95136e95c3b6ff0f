"""Numbers of other systems as exact text of ours: grades in percent, keys, ranges."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Optional

from content.number import MAX_TYPED, parse_number

MAX_DENOMINATOR = 20
_NEAR = Fraction(1, 2000)
_SCIENTIFIC = re.compile(r"([+-]?[0-9.,]{1,40})(?:[*x×·] ?10\^?|[eE])([+-]?[0-9]{1,2})\Z")
_PLACES = 9


def number_of(text: object) -> Optional[Fraction]:
    """A number as it was written: decimals, fractions and powers of ten; None when it is none."""
    plain = str(text).strip() if text is not None else ""
    found = _SCIENTIFIC.match(plain)
    if not found:
        return parse_number(plain)
    try:
        return Fraction(Decimal(found[1].replace(",", "."))) * Fraction(10) ** int(found[2])
    except (InvalidOperation, ValueError):
        return None


def percent(text: object) -> Optional[Fraction]:
    """A grade in percent as a share; 33.333 and the like are the third that was meant."""
    number = number_of(text)
    return None if number is None else near(number / 100)


def near(share: Fraction) -> Fraction:
    """The fraction of few parts that is meant by a rounded one."""
    few = share.limit_denominator(MAX_DENOMINATOR)
    return few if abs(few - share) < _NEAR else share


def said(number: Fraction) -> str:
    """A decimal where that is exact and short, else a fraction, else a decimal of nine places."""
    if number.denominator == 1:
        return str(number.numerator)
    for places in range(1, _PLACES + 1):
        scaled = number * 10**places
        if scaled.denominator == 1:
            sign = "-" if scaled < 0 else ""
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            return f"{sign}{digits[:-places]}.{digits[-places:]}"
    exact = f"{number.numerator}/{number.denominator}"
    return exact if len(exact) <= MAX_TYPED // 2 else said(Fraction(round(number, _PLACES)))


def points_of(text: object) -> Optional[Fraction]:
    """Points as ours may be: 0.01 to 100, two decimals; None for anything else."""
    number = number_of(text)
    if number is None:
        return None
    rounded = Fraction(round(number * 100), 100)
    return rounded if Fraction(1, 100) <= rounded <= 100 else None
