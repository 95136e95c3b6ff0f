from __future__ import annotations

import dataclasses

import pytest

from sync.message import Kind
from sync.sticks.letter_book import KEPT_LETTERS, LetterBook, SentLetter, SentMessage
from tests.support.sync_device import Device

LETTER = SentLetter(
    number=1,
    device="d" * 22,
    up="a" * 16,
    own="b" * 16,
    last_seq=7,
    state=b"state",
    messages=(
        SentMessage(Kind.EXCHANGE_REQUEST, b"12345678", "d" * 22, "c" * 22),
        SentMessage(Kind.OFFER, b"87654321", "c" * 22),
    ),
    offered=(("f" * 64, 100),),
    wanted=("e" * 64,),
)


def numbered(at: int) -> SentLetter:
    return dataclasses.replace(LETTER, number=at, up=f"{at:016x}", own="")


def test_a_letter_is_found_as_it_was_written(device: Device) -> None:
    book = LetterBook(device.db)
    book.add(LETTER)
    assert book.find(LETTER.up) == LETTER
    assert book.find("0" * 16) is None
    assert book.among(["0" * 16, LETTER.own]) == [LETTER]
    assert book.among([LETTER.up, LETTER.own]) == [LETTER]
    assert book.among([""]) == book.among([]) == []


def test_an_answered_letter_stays_so(device: Device) -> None:
    book = LetterBook(device.db)
    book.add(LETTER)
    book.note_answered(LETTER.up)
    book.note_answered("0" * 16)
    device.crash()
    assert LetterBook(device.db).find(LETTER.up) == dataclasses.replace(LETTER, answered=True)


def test_the_oldest_letters_are_forgotten(device: Device) -> None:
    book = LetterBook(device.db)
    for at in range(1, KEPT_LETTERS + 3):
        book.add(numbered(at))
    names = [numbered(at).up for at in range(KEPT_LETTERS + 3)]
    found = book.among(names)
    assert [letter.number for letter in found] == list(range(3, KEPT_LETTERS + 3))
    assert found[-1] == numbered(KEPT_LETTERS + 2)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"m":[[77,"","",""]],"o":[],"w":[]}', '{"m":[3]}', 7]
)
def test_a_damaged_row_is_as_good_as_forgotten(device: Device, content: object) -> None:
    book = LetterBook(device.db)
    book.add(LETTER)
    book.add(numbered(2))
    device.db.execute("UPDATE sync_letter SET content = ? WHERE number = 1", (content,))
    assert book.find(LETTER.up) is None
    assert book.among([LETTER.up, numbered(2).up]) == [numbered(2)]
