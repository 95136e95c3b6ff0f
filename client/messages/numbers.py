"""How numbers are written, and which plural form they ask for."""

from __future__ import annotations

from decimal import Decimal

_GROUP = {"kk": "\u00a0", "ru": "\u00a0", "en": ","}
_POINT = {"kk": ",", "ru": ",", "en": "."}


def format_number(language: str, value: float) -> str:
    """Write a number with at most two decimals and no idle zeros, in the language's manner."""
    whole, _, decimals = f"{Decimal(str(value)):,.2f}".partition(".")
    decimals = decimals.rstrip("0")
    # Four digits stand together (1000 tenge), five and more are grouped.
    digits = whole.replace(",", "")
    grouped = whole.replace(",", _GROUP[language]) if len(digits.lstrip("-")) > 4 else digits
    text = grouped + (_POINT[language] + decimals if decimals else "")
    return text.replace("-", "\u2212")


def plural_form(language: str, count: float) -> str:
    """Name the plural form of a count by the CLDR rules: one, few or many.

    Kazakh nouns stay singular after a number, so Kazakh sentences mostly need no forms at
    all; where they do, only one and many are told apart, as in English. A fraction takes the
    form that "2,5 балла" takes in Russian: few.
    """
    if language != "ru":
        return "one" if count == 1 else "many"
    if count != int(count):
        return "few"
    last, last_two = int(abs(count)) % 10, int(abs(count)) % 100
    if last == 1 and last_two != 11:
        return "one"
    if 2 <= last <= 4 and not 12 <= last_two <= 14:
        return "few"
    return "many"
