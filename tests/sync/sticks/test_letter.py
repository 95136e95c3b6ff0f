from __future__ import annotations

import hashlib
from typing import Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import MessageError, StickError
from sync.sticks.letter import MAX_MESSAGES, Letter, LetterKind, letter_name

REPLIED = "0123456789abcdef"
MESSAGES = st.lists(st.binary(max_size=40), max_size=5).map(tuple)


def letter_of(kind: LetterKind, messages: Tuple[bytes, ...]) -> Letter:
    return Letter(kind, messages, REPLIED if kind is LetterKind.DOWN else "")


def hashed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


@given(st.sampled_from(LetterKind), MESSAGES)
def test_a_letter_reads_back(kind: LetterKind, messages: Tuple[bytes, ...]) -> None:
    letter = letter_of(kind, messages)
    assert Letter.from_bytes(letter.to_bytes(), kind) == letter


def test_its_bytes_are_those_of_the_format() -> None:
    body = b"KXL\x01\x02\0\0\0" + bytes.fromhex(REPLIED) + b"\0\x02\0\0\0\x01a\0\0\0\0"
    assert letter_of(LetterKind.DOWN, (b"a", b"")).to_bytes() == hashed(body)
    assert letter_name(hashed(body)) == hashlib.sha256(hashed(body)).hexdigest()[:16]


@given(st.sampled_from(LetterKind), MESSAGES, st.data())
def test_any_damage_is_noticed(
    kind: LetterKind, messages: Tuple[bytes, ...], data: st.DataObject
) -> None:
    whole = letter_of(kind, messages).to_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[at] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(flipped), whole[:at], whole + whole[:at] + b"\0"):
        with pytest.raises(StickError, match="damaged"):
            Letter.from_bytes(damaged, kind)


@pytest.mark.parametrize(
    "body",
    [
        b"KXL\x01\x01\0\0\0",
        b"KXL\x01\x01\0\0\0\0\x01",
        b"KXL\x01\x01\0\0\0\0\x01\0\0\0\x02a",
        b"KXL\x01\x01\0\0\0\0\x01\xff\xff\xff\xffa",
        b"KXL\x01\x01\0\0\0\0\0more",
        b"KXL\x01\x01\0\0\x01\0\0",
        b"KXL\x01\x09\0\0\0\0\0",
        b"KXL\x01\x03\0\0\0\0\0",
        b"ZIP\x01\x01\0\0\0\0\0",
        b"KXL\x01\x01\0\0\0\x01\x01" + 257 * b"\0\0\0\0",
        b"KXL\x01\x01\0\0\0\0\x01\0\x10\0\x01" + bytes((1 << 20) + 1),
    ],
)
def test_a_letter_made_to_hurt_is_refused(body: bytes) -> None:
    with pytest.raises(StickError, match="damaged"):
        Letter.from_bytes(hashed(body), LetterKind.UP)


def test_a_newer_letter_is_told_from_a_damaged_one() -> None:
    newer = hashed(b"KXL\x02whatever comes")
    with pytest.raises(StickError) as caught:
        Letter.from_bytes(newer, LetterKind.UP)
    assert caught.value.code == "stick-newer"
    with pytest.raises(StickError) as caught:
        Letter.from_bytes(newer[:-1] + b"?", LetterKind.UP)
    assert caught.value.code == "stick-damaged"


def test_a_letter_has_bounds() -> None:
    Letter(LetterKind.UP, (b"",) * MAX_MESSAGES).to_bytes()
    with pytest.raises(MessageError):
        Letter(LetterKind.UP, (b"",) * (MAX_MESSAGES + 1)).to_bytes()
    with pytest.raises(MessageError):
        Letter(LetterKind.UP, (bytes(1 << 20),) * 64).to_bytes()


@pytest.mark.parametrize("letter", [Letter(LetterKind.DOWN, ()), Letter(LetterKind.UP, (), "00")])
def test_a_reply_names_a_letter_and_nothing_else_does(letter: Letter) -> None:
    with pytest.raises(ValueError, match="kind"):
        letter.to_bytes()
