from __future__ import annotations

import pytest

from client.messages.numbers import format_number, plural_form


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (5, "5", "5"),
        (5.0, "5", "5"),
        (2.5, "2,5", "2.5"),
        (0.1 + 0.2, "0,3", "0.3"),
        (2.345, "2,34", "2.34"),
        (1000, "1000", "1000"),
        (12_345, "12\u00a0345", "12,345"),
        (-3, "\u22123", "\u22123"),
        (0, "0", "0"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, ru, en):
    assert format_number("ru", value) == format_number("kk", value) == ru
    assert format_number("en", value) == en


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"),
     (14, "many"), (21, "one"), (22, "few"), (101, "one"), (111, "many"), (2.5, "few")],
)  # fmt: skip
def test_russian_plural_forms(count, form):
    assert plural_form("ru", count) == form


def test_english_and_kazakh_tell_one_from_many():
    for language in ("en", "kk"):
        assert [plural_form(language, count) for count in (0, 1, 2, 21)] == [
            "many",
            "one",
            "many",
            "many",
        ]
