"""A formula cut into numbers, names and signs."""

from __future__ import annotations

import re
from typing import List, NamedTuple

from content.variants.errors import VariantError

MAX_CHARACTERS = 500
_MAX_DIGITS = 30

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>==|!=|<=|>=|[-+*/%^()<>=,]))"
)
_ALIKE = {
    "\u2212": "-",
    "\u2013": "-",
    "\u00b7": "*",
    "\u00d7": "*",
    "\u00f7": "/",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
}
END = "end"


class Token(NamedTuple):
    """``kind`` is "number", "name", "sign" or `END`; ``place`` counts characters from 1."""

    kind: str
    text: str
    place: int


def tokens(formula: str) -> List[Token]:
    """The tokens of a formula, `END` last; raises VariantError."""
    if len(formula) > MAX_CHARACTERS:
        raise VariantError(f"A formula has at most {MAX_CHARACTERS} characters.")
    plain = formula
    for sign, meant in _ALIKE.items():
        plain = plain.replace(sign, meant)
    found: List[Token] = []
    at = 0
    while plain[at:].strip():
        match = _TOKEN.match(plain, at)
        if match is None:
            raise VariantError(
                f'"{formula}" has a sign that no formula has: {plain[at:].strip()[0]}'
            )
        kind = str(match.lastgroup)
        text = match[kind]
        if kind == "number" and len(text) > _MAX_DIGITS:
            raise VariantError(f"A number in a formula has at most {_MAX_DIGITS} digits.")
        found.append(Token(kind, "==" if text == "=" else text, match.start(kind) + 1))
        at = match.end()
    found.append(Token(END, "", len(plain) + 1))
    return found
