"""Digits from paper, on any layout."""

from __future__ import annotations

from client.digits import digit_meant, digits_of, in_groups


def test_what_is_no_digit_does_not_count():
    assert digits_of(" 12-34 ab5 6789", 8) == "12345678"


def test_the_row_of_digits_on_the_kazakh_layout():
    assert "".join(map(digit_meant, '"әіңғ,.үұқ')) == "1234567890"
    assert digit_meant("Ә") == "2"
    assert digit_meant("7") == "7"


def test_groups():
    assert in_groups("1234567", 3) == "123 456 7"
    assert in_groups("", 3) == ""
