"""Long numbers as people type them from paper: only digits count, and they stand in groups."""

from __future__ import annotations

KAZAKH_ROW = dict(zip('"әіңғ,.үұқ', "1234567890"))
"""What the keys of the digits type on the Kazakh layout, which has no digits without a keypad."""


def digit_meant(letter: str) -> str:
    """Return the digit on the key that typed this letter, or the letter itself."""
    return KAZAKH_ROW.get(letter.lower(), letter)


def digits_of(typed: str, most: int) -> str:
    """Return the digits of what was typed or pasted, at most so many."""
    return "".join(letter for letter in typed if letter in "0123456789")[:most]


def in_groups(digits: str, size: int) -> str:
    """Return digits as they stand on the paper: in groups of so many."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))
