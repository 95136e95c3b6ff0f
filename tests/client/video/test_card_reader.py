"""The square of a card in a picture."""

from __future__ import annotations

import pytest

from client.video.card_reader import can_read, card_in
from client.video.player import Picture
from sync.card import Card, card_text
from sync.enrolment import EnrolmentCode

CARD = Card(EnrolmentCode.generate().digits, "")


def picture_of(text):
    segno = pytest.importorskip("segno")
    made = segno.make(text, error="m", micro=False).matrix_iter(4, 4)
    rows = [b"".join((b"\0\0\0\xff", b"\xff" * 4)[not dark] for dark in row) for row in made]
    return Picture(len(rows[0]) // 4, len(rows), b"".join(rows), 0.0)


def test_a_card_is_read_and_anything_else_is_none():
    pytest.importorskip("zxingcpp")
    assert can_read()
    assert card_in(picture_of(card_text(CARD))) == CARD
    assert card_in(picture_of("https://example.org/")) is None
    assert card_in(Picture(8, 8, b"\x80" * 256, 0.0)) is None
    assert card_in(Picture(1, 1, b"\0" * 4, 0.0)) is None
