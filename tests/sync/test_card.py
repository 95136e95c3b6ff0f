"""The square of a card: what the server draws, a laptop reads; anything else is no card."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.card import Card, card_text, read_card
from sync.enrolment import EnrolmentCode
from tests.support.examples import examples

DIGITS = EnrolmentCode.parse("4934 7449 1813 2165").digits


@pytest.mark.parametrize(
    "address",
    ["", "http://192.168.1.10:8765", "http://[fe80::1]:8765", "https://school.example/keruen"],
)
def test_what_is_drawn_reads_back(address: str) -> None:
    card = Card(DIGITS, address)
    assert read_card(card_text(card)) == card
    assert read_card(f" {card_text(card)}\n") == card


def test_plain_http_costs_no_room() -> None:
    assert card_text(Card(DIGITS, "http://10.0.0.2:8765")) == f"keruen:{DIGITS}@10.0.0.2:8765"


@pytest.mark.parametrize(
    "text",
    [
        "",
        DIGITS,
        f"keruen:{DIGITS[:-1]}",
        f"keruen:{DIGITS}0",
        f"keruen:{DIGITS}@",
        f"keruen:{DIGITS}@a b",
        f"keruen:{DIGITS}@{'a' * 201}",
        f"keruen:{(int(DIGITS) + 1) % 10**16:016}",
        f"https://evil.example/keruen:{DIGITS}",
        "WIFI:S:school;T:WPA;P:12345678;;",
    ],
)
def test_anything_else_is_no_card(text: str) -> None:
    assert read_card(text) is None


@settings(max_examples=examples(50))
@given(st.text(max_size=60))
def test_strangers_squares_do_no_harm(text: str) -> None:
    assert read_card(text) is None
    found = read_card(f"keruen:{DIGITS}@{text}")
    assert found is None or found.digits == DIGITS
