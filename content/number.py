"""Numbers as children type them, read exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Optional

MAX_TYPED = 60

_MINUSES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
_SPACES = (
    "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t\n\r"
)
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}
_PLAIN = {
    **_FULL_WIDTH,
    **{ord(sign): "-" for sign in _MINUSES},
    **{ord(space): " " for space in _SPACES},
    **{ord(mark): None for mark in _INVISIBLE},
    0xFF0B: "+",
    0xFF0C: ",",
    0xFF0E: ".",
    0xFF1D: "=",
    0x2044: "/",
    0x2215: "/",
}

# One letter of any of our alphabets, perhaps numbered: a Cyrillic x looks like a Latin one, so both
# must do.
_VARIABLE = re.compile(r"[A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІіα-ω][0-9₀-₉]? ?= ?")
_DECIMAL = r"(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,][0-9]*)?|[.,][0-9]+"
_NUMBER = re.compile(rf"(?P<sign>[+-]?) ?(?P<value>{_DECIMAL})\Z")
_RATIO = re.compile(
    rf"(?P<sign>[+-]?) ?(?P<top>{_DECIMAL}) ?/ ?(?P<sign2>[+-]?) ?(?P<bottom>{_DECIMAL})\Z"
)
_MIXED = re.compile(r"(?P<sign>[+-]?) ?(?P<whole>[0-9]+) (?P<top>[0-9]+) ?/ ?(?P<bottom>[0-9]+)\Z")


def parse_number(typed: object) -> Optional[Fraction]:
    """The exact number that somebody typed, or None when it is not one.

    Takes a decimal comma or point, every kind of minus and space, fractions ("5/2"), mixed numbers
    ("2 1/2"), thousands set apart by spaces, a pair of brackets around it all, a harmless "x =" in
    front and a full stop behind. Never raises.
    """
    if not isinstance(typed, str) or len(typed) > MAX_TYPED:
        return None
    plain = re.sub(" +", " ", typed.translate(_PLAIN)).strip()
    plain = re.sub(r" ?[.;]\Z", "", plain)
    plain = _unwrapped(_VARIABLE.sub("", plain, count=1) if _VARIABLE.match(plain) else plain)
    for pattern, value in ((_MIXED, _mixed), (_NUMBER, _decimal), (_RATIO, _ratio)):
        found = pattern.match(plain)
        if found:
            return value(found)
    return None


def _unwrapped(plain: str) -> str:
    if plain.startswith("(") and plain.endswith(")"):
        return plain[1:-1].strip()
    return plain


def _signed(sign: str, value: Fraction) -> Fraction:
    return -value if sign == "-" else value


def _exact(digits: str) -> Fraction:
    plain = digits.replace(" ", "").replace(",", ".").rstrip(".")
    return Fraction(f"0{plain}")


def _decimal(found: re.Match[str]) -> Fraction:
    return _signed(found["sign"], _exact(found["value"]))


def _ratio(found: re.Match[str]) -> Optional[Fraction]:
    bottom = _signed(found["sign2"], _exact(found["bottom"]))
    if bottom == 0:
        return None
    return _signed(found["sign"], _exact(found["top"])) / bottom


def _mixed(found: re.Match[str]) -> Optional[Fraction]:
    bottom = int(found["bottom"])
    if bottom == 0:
        return None
    return _signed(found["sign"], int(found["whole"]) + Fraction(int(found["top"]), bottom))
