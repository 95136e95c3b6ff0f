"""Insertions: where they are found, in which language and setting, and what stays as it is."""

from __future__ import annotations

from typing import Dict

import pytest

from content.variants.errors import VariantError
from content.variants.insertion import Drawn, compiled, has_insertion

ENV: Dict[str, Drawn] = {"a": -2, "b": 3, "who": {"kk": "Айгүл", "ru": "Айгуль"}, "city": "Ақсу"}
NUMBERS, WORDS = ("a", "b"), ("who", "city")

MADE = [
    ("{{= a}} и ${{= a}}$, потом {{= a}}", "ru", "\u22122 и $-2$, потом \u22122"),
    ("$$x = {{= a}}$$ {{= a}}", "ru", "$$x = -2$$ \u22122"),
    (r"5\$ {{= a}}", "en", "5\\$ \u22122"),
    (r"$\frac{{{= a}}}{3}$", "ru", r"$\frac{-2}{3}$"),
    (r"$x^{{{= b}}}$", "ru", "$x^{3}$"),
    ("{{gap}} {{= b}}", "ru", "{{gap}} 3"),
    ("{{= who}} из {{= city}}", "ru", "Айгуль из Ақсу"),
    ("{{= who}}", "en", "Айгүл"),
    ("{{=a*b+1}}", "", "-5"),
]
WRONG = ["{{= a", "{{=}}", "{{= | signed}}", "{{= c}}", "{{= a | bold}}", "{{= who | signed}}"]


@pytest.mark.parametrize(("text", "language", "made"), MADE)
def test_what_is_put_in(text: str, language: str, made: str) -> None:
    assert compiled(text, language, NUMBERS, WORDS)(ENV) == made


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_put_in_is_refused(text: str) -> None:
    with pytest.raises(VariantError):
        compiled(text, "ru", NUMBERS, WORDS)


def test_a_key_may_be_a_truth_or_a_number() -> None:
    assert compiled("{{= a < b}}", "", NUMBERS, WORDS)(ENV) is True
    assert compiled("{{= b | number}}", "", NUMBERS, WORDS)(ENV) == 3
    with pytest.raises(VariantError):
        compiled("{{= a < b}}", "ru", NUMBERS, WORDS)


def test_a_gap_is_no_insertion() -> None:
    assert not has_insertion("The {{gap}} and $x^{2}$")
