"""Names by their beginning, on whatever layout."""

from __future__ import annotations

import pytest

from client.screens.who.finding import begins


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Айгерім Сәрсенқызы", "айг"),
        ("Айгерім Сәрсенқызы", "айгерим"),
        ("Айгерім Сәрсенқызы", "fqu"),
        ("Айгерім Сәрсенқызы", "сарс"),
        ("Айгерім Сәрсенқызы", "Айгерім С"),
        ("Өмір Қуат", "омир"),
        ("Әлия", ""),
        ("Әлия", "  "),
        ("Anna Lee", "ann"),
        ("Семён", "семе"),
        ("Юлия", "."),
        ("Хадиша", "["),
    ],
)
def test_found(name, typed):
    assert begins(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("Айгерім", "герім"), ("Нұрлан", "айг"), ("Анна", "fqu"), ("Дана", "дт")]
)
def test_not_found(name, typed):
    assert not begins(name, typed)
