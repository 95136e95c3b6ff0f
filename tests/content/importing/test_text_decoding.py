"""Text of any encoding that stands in Kazakhstan's files."""

from __future__ import annotations

import pytest

from content.importing.errors import ImportFailure
from content.importing.limits import MAX_TEXT_BYTES
from content.importing.text_decoding import decode_text

KAZAKH = "Әлем, ғылым, қазақ – «Өңір» № 5\nҮй ұзын һәм іс"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32"]
)
def test_unicode(encoding: str) -> None:
    assert decode_text(KAZAKH.encode(encoding), "a.txt") == (KAZAKH, "")


def test_kazakh_kin_of_windows_1251() -> None:
    assert decode_text(KAZAKH.encode("kz1048"), "a.txt") == (KAZAKH, "")


def test_western_letters_are_the_exception() -> None:
    text = "Le café est à côté de la forêt, and so on."
    assert decode_text(text.encode("cp1252"), "a.txt") == (text, "")


def test_one_broken_letter_spoils_nothing_else() -> None:
    data = (KAZAKH * 9).encode()
    text, damaged = decode_text(data[:10] + b"\xff" + data[10:], "a.txt")
    assert "ғылым" in text and damaged.startswith("1 letters")


def test_line_ends() -> None:
    assert decode_text(b"a\r\nb\rc\n", "a.txt")[0] == "a\nb\nc\n"


@pytest.mark.parametrize("data", [bytes(range(8)) * 50, b"a" * (MAX_TEXT_BYTES + 1)])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(ImportFailure):
        decode_text(data, "a.txt")
