from __future__ import annotations

from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import FormatError
from content.varint import Cursor, encode, encode_rising


@given(st.integers(0, 2**63 - 1))
def test_there_and_back(number: int) -> None:
    cursor = Cursor(encode(number), "It")
    assert cursor.number(2**63 - 1) == number
    assert cursor.left == 0


@given(st.sets(st.integers(0, 999)))
def test_rising_lists(numbers: List[int]) -> None:
    rising = sorted(numbers)
    assert Cursor(encode_rising(rising), "It").rising(1000) == rising


@given(st.binary(max_size=30))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (lambda one: one.number(1000), lambda one: one.rising(1000)):
        try:
            read(Cursor(data, "It"))
        except FormatError as problem:
            assert str(problem).startswith("It")


@pytest.mark.parametrize("data", [b"\xff" * 9 + b"\x01", b"\x80\x00", b"\x81", b"", b"\xe9\x07"])
def test_what_no_writer_writes(data: bytes) -> None:
    with pytest.raises(FormatError):
        Cursor(data, "It").number(1000)


def test_a_rising_list_ends_where_the_files_do() -> None:
    with pytest.raises(FormatError, match="not there"):
        Cursor(encode_rising([1, 10]), "It").rising(10)
