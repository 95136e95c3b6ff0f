from __future__ import annotations

from typing import Set

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.fields import IDENTIFIER
from content.importing.naming import identifier, transliterated


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("Сызықтық теңдеулер", "syzyqtyq-tengdeuler".replace("ng", "n")),
        ("Что такое уравнение?", "chto-takoe-uravnenie"),
        ("Élève n° 2", "eleve-n-2"),
        ("水", ""),
        ("a" * 90, "a" * 40),
        ("one " * 20, "one-one-one-one-one-one-one-one-one-one"),
    ],
)
def test_words_become_latin_letters(words: str, made: str) -> None:
    assert transliterated(words) == made


def test_ids_are_unique() -> None:
    taken: Set[str] = set()
    made = [identifier(words, taken, "q") for words in ("Су", "су!", "水", "火", "Су 2")]
    assert made == ["su", "su-2", "q", "q-2", "su-2-2"]


@given(st.lists(st.text(max_size=60), max_size=20))
def test_any_words_give_ids(words: list[str]) -> None:
    taken: Set[str] = set()
    made = [identifier(one, taken, "q") for one in words]
    assert len(set(made)) == len(words)
    assert all(IDENTIFIER.match(one) for one in made)
