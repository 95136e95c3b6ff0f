"""The functions that formulas may call."""

from __future__ import annotations

import math
from typing import Callable, Mapping, NamedTuple, Union

from content.variants.errors import NoValueError
from content.variants.numbers import Number, kept, rounded, square_root, whole

MAX_ARGUMENTS = 10
_MAX_DECIMALS = 12

Value = Union[bool, Number]


class Function(NamedTuple):
    """``fewest`` to ``most`` numbers go in; a truth comes out where ``is_truth``."""

    call: Callable[..., Value]
    fewest: int
    most: int
    is_truth: bool = False


def _gcd(*values: Number) -> Number:
    found = 0
    for value in values:
        found = math.gcd(found, whole(value, "gcd"))
    return found


def _lcm(*values: Number) -> Number:
    found = 1
    for value in values:
        number = whole(value, "lcm")
        if number == 0:
            return 0
        found = int(kept(abs(found * number) // math.gcd(found, number)))
    return found


def _round(value: Number, digits: Number = 0) -> Number:
    count = whole(digits, "round")
    if not 0 <= count <= _MAX_DECIMALS:
        raise NoValueError(f"round keeps 0 to {_MAX_DECIMALS} decimals.")
    return rounded(value, count)


def _is_square(value: Number) -> bool:
    try:
        square_root(value)
    except NoValueError:
        return False
    return True


def _numerator(value: Number) -> Number:
    return value.numerator


def _denominator(value: Number) -> Number:
    return value.denominator


def _is_whole(value: Number) -> bool:
    return isinstance(value, int)


FUNCTIONS: Mapping[str, Function] = {
    "gcd": Function(_gcd, 2, MAX_ARGUMENTS),
    "lcm": Function(_lcm, 2, MAX_ARGUMENTS),
    "abs": Function(abs, 1, 1),
    "min": Function(min, 2, MAX_ARGUMENTS),
    "max": Function(max, 2, MAX_ARGUMENTS),
    "floor": Function(math.floor, 1, 1),
    "ceil": Function(math.ceil, 1, 1),
    "round": Function(_round, 1, 2),
    "sqrt": Function(square_root, 1, 1),
    "numerator": Function(_numerator, 1, 1),
    "denominator": Function(_denominator, 1, 1),
    "whole": Function(_is_whole, 1, 1, is_truth=True),
    "square": Function(_is_square, 1, 1, is_truth=True),
}
"""``if(condition, then, else)`` is there too, in the parser: it computes one side only."""
