"""Codes as they are printed and typed."""

from __future__ import annotations

import pytest

from content.sealing.code import ALPHABET, make_code, plain_code


def test_a_code_has_sixty_bits() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert make_code(bytes(8)) == "0000-0000-0000"
    codes = {
        make_code(bytes([0, 0, 0, 0, 0, 0, high, low])) for high in range(9) for low in range(256)
    }
    assert len(codes) == 9 * 256


@pytest.mark.parametrize(
    "typed",
    ["K7PM-3QXA-9WTC", "k7pm3qxa9wtc", " k7pm 3qxa 9wtc ", "К7РМ-3QХА-9WТС", "K7PM--3QXA9WTC"],
)
def test_a_code_may_be_typed_as_one_likes(typed: str) -> None:
    assert plain_code(typed) == "K7PM3QXA9WTC"


def test_letters_that_look_like_digits_are_digits() -> None:
    assert plain_code("OIL0-OIL0-OIL0") == "011001100110"


@pytest.mark.parametrize(
    "typed", ["", "K7PM-3QXA-9WT", "K7PM-3QXA-9WTCC", "K7PM-3QXA-9WT!", "У" * 99]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert plain_code(typed) == ""
