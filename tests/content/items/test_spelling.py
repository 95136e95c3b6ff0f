from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.items.spelling import RUSSIAN_LAYOUT, matches, plain_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Қазақстан", "казакстан"),
        ("ұлттық", "улттык"),
        ("өнер", "онер"),
        ("гүл", "гул"),
        ("ғылым", "гылым"),
        ("әке", "аке"),
        ("таңба", "танба"),
        ("қаһарман", "кахарман"),
        ("бір", "бир"),
        ("бір", "бip"),  # Latin i and p among Cyrillic letters
        ("ещё", "еще"),
        ("  the   Great\u00a0Steppe. ", "the great steppe"),
        ("бір–екі", "бір - екі".replace(" ", "")),
        ("«Абай»", '"Абай"'),
        ("д'Артаньян", "д\u2019артаньян"),
        ("й", "и\u0306"),
        ("со\u00adлнце", "солнце"),
    ],
)
def test_the_same_words_however_typed(one: str, other: str) -> None:
    assert plain_words(one) == plain_words(other)


@pytest.mark.parametrize(
    ("one", "other"), [("бір", "бар"), ("cat", "hat"), ("бір екі", "бірекі"), ("кот", "кит")]
)
def test_other_words_stay_others(one: str, other: str) -> None:
    assert plain_words(one) != plain_words(other)


def test_capitals_and_letters_may_be_told_apart() -> None:
    assert plain_words("Абай", case=True) != plain_words("абай", case=True)
    assert plain_words("Құс", case=True) == plain_words("Кус", case=True)
    assert plain_words("таң", strict=True) != plain_words("тан", strict=True)


def test_every_kazakh_letter_has_its_russian_one() -> None:
    assert set(RUSSIAN_LAYOUT) == set("әғқңөұүһіё")
    assert all(letter in "абвгдежзийклмнопрстуфхцчшщъыьэюя" for letter in RUSSIAN_LAYOUT.values())


@pytest.mark.parametrize(
    ("pattern", "said", "fits"),
    [
        ("*", "", True),
        ("а*", "абай", True),
        ("*й", "абай", True),
        ("а*й", "абай", True),
        ("а*а*й", "абай", True),
        ("аб*бай", "абай", False),
        ("*б*", "абай", True),
        ("*я*", "абай", False),
        ("абай", "абай", True),
        ("аба", "абай", False),
    ],
)
def test_a_star_is_any_run_of_letters(pattern: str, said: str, fits: bool) -> None:
    assert matches(pattern, said) is fits


@given(st.text(max_size=40))
def test_comparing_is_steady(said: str) -> None:
    once = plain_words(said)
    assert plain_words(once) == once
    assert plain_words(unicodedata.normalize("NFD", said)) == once
