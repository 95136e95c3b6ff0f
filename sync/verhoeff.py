"""Verhoeff's check digit (J. Verhoeff, "Error Detecting Decimal Codes", 1969).

It notices every single wrong digit and every swap of two neighbours, the mistakes people make when
they copy.
"""

from __future__ import annotations

from typing import Sequence


def _product(left: int, right: int) -> int:
    """Multiply in the dihedral group of order 10: rotations are 0 to 4, reflections 5 to 9."""
    if left < 5:
        return (left + right) % 5 + (5 if right >= 5 else 0)
    return (left - right) % 5 + (0 if right >= 5 else 5)


def _permutations() -> Sequence[Sequence[int]]:
    """Return the eight powers of Verhoeff's permutation."""
    first = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
    rows = [tuple(range(10))]
    for _ in range(7):
        rows.append(tuple(first[digit] for digit in rows[-1]))
    return rows


_PERMUTATIONS = _permutations()


def _sum(digits: str, from_place: int) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits), from_place):
        total = _product(total, _PERMUTATIONS[place % 8][int(digit)])
    return total


def check_digit(digits: str) -> str:
    """Return the digit to put behind ``digits``."""
    total = _sum(digits, 1)
    return next(str(digit) for digit in range(10) if _product(total, digit) == 0)


def is_valid(digits: str) -> bool:
    """Tell whether the last digit is the check digit of those before it."""
    return _sum(digits, 0) == 0
