"""How numbers are written, table by table."""

from __future__ import annotations

from fractions import Fraction

import pytest

from content.variants.errors import NoValueError, VariantError
from content.variants.writing import Place, Setting, writer

KK, RU, EN = (Setting(Place.SENTENCE, one) for one in ("kk", "ru", "en"))
TEX = Setting(Place.FORMULA, "ru")
TEX_EN = Setting(Place.FORMULA, "en")
KEY = Setting(Place.KEY, "")

TABLE = [
    ("", 5, KK, "5"),
    ("", -5, KK, "\u22125"),
    ("", -5, TEX, "-5"),
    ("", Fraction(-5, 2), RU, "\u22125/2"),
    ("", Fraction(-5, 2), TEX, r"-\frac{5}{2}"),
    ("", Fraction(-5, 2), KEY, "-5/2"),
    ("decimal", Fraction(5, 2), RU, "2,5"),
    ("decimal", Fraction(5, 2), EN, "2.5"),
    ("decimal", Fraction(5, 2), TEX, "2{,}5"),
    ("decimal", Fraction(5, 2), TEX_EN, "2.5"),
    ("decimal", Fraction(-1, 40), KEY, "-0.025"),
    ("decimal 2", Fraction(5, 2), RU, "2,50"),
    ("decimal", 7, RU, "7"),
    ("mixed", Fraction(7, 3), TEX, r"2\frac{1}{3}"),
    ("mixed", Fraction(-7, 3), RU, "\u22122 1/3"),
    ("mixed", Fraction(1, 3), RU, "1/3"),
    ("signed", 3, TEX, "+ 3"),
    ("signed", -3, TEX, "- 3"),
    ("signed", -3, RU, "\u2212 3"),
    ("signed", 0, TEX, ""),
    ("signed decimal", Fraction(-1, 2), TEX, "- 0{,}5"),
    ("signed times x", -1, TEX, "- x"),
    ("signed times x", 2, TEX, "+ 2x"),
    ("signed times x", 0, TEX, ""),
    ("times x", 1, TEX, "x"),
    ("times x", -1, TEX, "-x"),
    ("times x", 0, TEX, "0"),
    ("times x^2", -3, TEX, "-3x^2"),
    ("decimal times x", Fraction(1, 2), TEX, "0{,}5x"),
    ("brackets", -3, TEX, r"\left(-3\right)"),
    ("brackets", 3, TEX, "3"),
    ("brackets", -3, KK, "(\u22123)"),
    ("decimal brackets", Fraction(-1, 2), RU, "(\u22120,5)"),
    ("plural яблоко яблока яблок", 1, RU, "яблоко"),
    ("plural яблоко яблока яблок", 3, RU, "яблока"),
    ("plural яблоко яблока яблок", 11, RU, "яблок"),
    ("plural яблоко яблока яблок", 112, RU, "яблок"),
    ("plural яблоко яблока яблок", 121, RU, "яблоко"),
    ("plural яблоко яблока яблок", Fraction(3, 2), RU, "яблока"),
    ("plural apple apples", 1, EN, "apple"),
    ("plural apple apples", 0, EN, "apples"),
    ("plural алма", 5, KK, "алма"),
]
WRONG = ["bold", "times", "plural", "plural a b c d", "signed brackets", "brackets 2", "decimal 99"]


@pytest.mark.parametrize(("helpers", "value", "where", "text"), TABLE)
def test_how_a_number_is_written(helpers: str, value: int, where: Setting, text: str) -> None:
    assert writer(helpers)(value, where) == text


@pytest.mark.parametrize("helpers", WRONG)
def test_what_is_no_helper_is_refused(helpers: str) -> None:
    with pytest.raises(VariantError):
        writer(helpers)


def test_a_decimal_that_does_not_end_has_no_value() -> None:
    with pytest.raises(NoValueError, match="does not end"):
        writer("decimal")(Fraction(1, 3), RU)
    with pytest.raises(NoValueError):
        writer("decimal 1")(Fraction(1, 4), RU)
