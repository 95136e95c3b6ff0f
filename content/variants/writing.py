"""How a number is written: as it is typed, in a sentence, or within a formula.

A negative number after a sign, a coefficient of one, a decimal comma: what makes generated tasks
look generated is mended here.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Callable, List, Mapping, NamedTuple, Tuple

from content.variants.errors import NoValueError, VariantError
from content.variants.numbers import Number

MAX_DECIMALS = 12
_MINUS = "\u2212"


class Place(Enum):
    """Where a number stands."""

    KEY = "key"
    """A key, such as the right answer: plain ASCII, exact."""
    SENTENCE = "sentence"
    FORMULA = "formula"
    """LaTeX between dollars."""


class Setting(NamedTuple):
    """Where something is written, and in which language ("" in a key)."""

    place: Place
    language: str


def fraction(value: Number, where: Setting) -> str:
    """``-5/2``; in a formula a fraction with a bar."""
    if isinstance(value, int):
        return _signed(value < 0, str(abs(value)), where)
    top, bottom = abs(value.numerator), value.denominator
    bar = rf"\frac{{{top}}}{{{bottom}}}" if where.place is Place.FORMULA else f"{top}/{bottom}"
    return _signed(value < 0, bar, where)


def mixed(value: Number, where: Setting) -> str:
    """``2 1/2`` where the number is above one, else as a fraction."""
    exact = abs(Fraction(value))
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    if not whole or not rest:
        return fraction(value, where)
    part = fraction(Fraction(rest), where)
    space = "" if where.place is Place.FORMULA else " "
    return _signed(value < 0, f"{whole}{space}{part}", where)


def decimal(value: Number, where: Setting, digits: int = -1) -> str:
    """``-2,5``, with exactly ``digits`` decimals if they are given; it must come out even."""
    exact = abs(Fraction(value))
    count = digits if digits >= 0 else _decimals(exact)
    scaled = exact * 10**count
    if scaled.denominator != 1:
        raise NoValueError(f"{value} does not end after {count} decimals; round it before.")
    text = str(scaled.numerator).rjust(count + 1, "0")
    if count:
        text = f"{text[:-count]}{_decimal_sign(where)}{text[-count:]}"
    return _signed(value < 0, text, where)


def _decimals(exact: Fraction) -> int:
    for count in range(MAX_DECIMALS + 1):
        if 10**count % exact.denominator == 0:
            return count
    raise NoValueError(f"{exact} does not end as a decimal; write it as a fraction or round it.")


def _decimal_sign(where: Setting) -> str:
    if where.place is Place.KEY or where.language.startswith("en"):
        return "."
    # TeX sets a space behind a bare comma, and none behind one in braces.
    return "{,}" if where.place is Place.FORMULA else ","


def _signed(negative: bool, text: str, where: Setting) -> str:
    if not negative:
        return text
    return ("-" if where.place is not Place.SENTENCE else _MINUS) + text


def signed(value: Number, where: Setting, write: Write) -> str:
    """``+ 3`` or ``- 3`` to go on a sum with; nothing for zero."""
    if value == 0:
        return ""
    minus = _MINUS if where.place is Place.SENTENCE else "-"
    return f"{minus if value < 0 else '+'} {write(-value if value < 0 else value, where)}"


def times(value: Number, where: Setting, what: str, write: Write) -> str:
    """A coefficient before ``what``: ``2x``, ``x`` for one, ``-x``, ``0`` for none."""
    if value == 0:
        return "0"
    if abs(value) == 1:
        return _signed(value < 0, what, where)
    return write(value, where) + what


def brackets(value: Number, where: Setting, write: Write) -> str:
    """``(-3)``: in brackets where negative, to stand behind a sign."""
    text = write(value, where)
    if value >= 0:
        return text
    return rf"\left({text}\right)" if where.place is Place.FORMULA else f"({text})"


def plural(value: Number, where: Setting, forms: Tuple[str, ...]) -> str:
    """The word that goes with a number: ``forms`` for 1, for 2 to 4 (Russian), for 5 and more."""
    if len(forms) == 1:
        return forms[0]
    if where.language.startswith("ru"):
        return forms[min(_russian(value), len(forms) - 1)]
    return forms[0] if abs(value) == 1 else forms[-1]


def _russian(value: Number) -> int:
    """0, 1 or 2: CLDR's categories one, few and many; a fraction takes the second form."""
    if not isinstance(value, int):
        return 1
    last, tens = abs(value) % 10, abs(value) % 100 // 10
    if tens == 1:
        return 2
    return 0 if last == 1 else 1 if last in (2, 3, 4) else 2


Write = Callable[[Number, Setting], str]

WRITERS: Mapping[str, Write] = {"fraction": fraction, "decimal": decimal, "mixed": mixed}
HELPERS = (*WRITERS, "signed", "brackets", "times", "plural")


def writer(helpers: str) -> Write:
    """The way of writing that a row of helpers asks for, such as ``signed decimal times x``.

    Raises VariantError for what is no helper, or stands where it cannot.
    """
    words = helpers.split()
    write: Write = fraction
    at = 0
    while at < len(words) and words[at] in WRITERS:
        write = WRITERS[words[at]]
        at += 1
        if words[at - 1] == "decimal" and at < len(words) and words[at].isdecimal():
            write, at = _decimal_of(int(words[at])), at + 1
    return _wrapped(words[at:], write, helpers)


def _decimal_of(digits: int) -> Write:
    if digits > MAX_DECIMALS:
        raise VariantError(f"A decimal has at most {MAX_DECIMALS} digits behind the comma.")
    return lambda value, where: decimal(value, where, digits)


def _wrapped(words: List[str], write: Write, helpers: str) -> Write:
    if not words:
        return write
    first, rest = words[0], words[1:]
    if first == "signed" and (not rest or rest[0] in (*WRITERS, "times")):
        inner = writer(" ".join(rest)) if rest else write
        return lambda value, where: signed(value, where, inner)
    if first == "brackets" and not rest:
        return lambda value, where: brackets(value, where, write)
    if first == "times" and rest:
        what = " ".join(rest)
        return lambda value, where: times(value, where, what, write)
    if first == "plural" and 1 <= len(rest) <= 3:
        return lambda value, where: plural(value, where, tuple(rest))
    raise VariantError(
        f'"{helpers}" is no way to write a number; there are {", ".join(HELPERS)}: see the docs.'
    )
