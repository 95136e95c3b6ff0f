from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.verhoeff import check_digit, is_valid

numbers = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(("digits", "check"), [("236", "3"), ("12345", "1"), ("142857", "0")])
def test_published_examples(digits: str, check: str) -> None:
    assert check_digit(digits) == check


@given(numbers)
def test_every_single_wrong_digit_is_noticed(digits: str) -> None:
    whole = digits + check_digit(digits)
    assert is_valid(whole)
    for at, digit in enumerate(whole):
        for other in set("0123456789") - {digit}:
            assert not is_valid(whole[:at] + other + whole[at + 1 :])


@given(numbers)
def test_every_swap_of_neighbours_is_noticed(digits: str) -> None:
    whole = digits + check_digit(digits)
    for at in range(len(whole) - 1):
        swapped = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
        assert is_valid(swapped) == (swapped == whole)
