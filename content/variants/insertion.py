r"""Insertions: ``{{= a*x + b}}`` in any text of a task, with ``| helper`` behind the formula.

Neither a gap (``{{id}}``) nor LaTeX (``\frac{{{= a}}}{3}``) can be taken for one: only an
insertion begins with ``{{=``.
"""

from __future__ import annotations

import re
from typing import Callable, Collection, List, Mapping, Tuple, Union

from content.text import Text, choose
from content.variants.errors import VariantError
from content.variants.expression import parse, parse_number
from content.variants.functions import Value
from content.variants.numbers import Number
from content.variants.writing import Place, Setting, writer

Drawn = Union[Value, str, Text]
"""What a name stands for: a number, or a word (perhaps by language)."""

Env = Mapping[str, Drawn]
Render = Callable[[Env], object]

_INSERTION = re.compile(r"\{\{=([^{}]*)\}\}")
_DOLLARS = re.compile(r"\\.|\$\$|\$", re.DOTALL)
OPENING = "{{="
MAX_INSERTIONS = 200


def has_insertion(text: str) -> bool:
    """Whether anything is to be put into a text."""
    return OPENING in text


def compiled(text: str, language: str, numbers: Collection[str], words: Collection[str]) -> Render:
    """What makes the text of one pupil; ``language`` is "" where the text is a key.

    A key that is nothing but one condition gives true or false; ``| number`` a JSON number. Raises
    VariantError for what cannot be read.
    """
    pieces = _INSERTION.split(text)
    if any(OPENING in piece for piece in pieces[0::2]):
        raise VariantError(f'"{text[:60]}" has "{OPENING}" without "}}}}" behind a formula.')
    if len(pieces) > 2 * MAX_INSERTIONS:
        raise VariantError(f"A text has at most {MAX_INSERTIONS} insertions.")
    if not language and len(pieces) == 3 and not pieces[0] and not pieces[2]:
        special = _value(pieces[1], numbers)
        if special is not None:
            return special
    parts: List[Union[str, Render]] = []
    in_formula = False
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            parts.append(piece)
            in_formula ^= _dollars(piece) % 2 == 1
        else:
            place = Place.FORMULA if in_formula else Place.SENTENCE
            setting = Setting(place if language else Place.KEY, language)
            parts.append(_written(piece, setting, numbers, words))
    return lambda env: "".join([one if isinstance(one, str) else str(one(env)) for one in parts])


def _dollars(text: str) -> int:
    """How often a piece of text goes into a formula or out of it."""
    return sum(found[0] in ("$", "$$") for found in _DOLLARS.finditer(text))


def _split(insertion: str) -> Tuple[str, str]:
    formula, _, helpers = insertion.partition("|")
    if not formula.strip():
        raise VariantError(f'"{OPENING}{insertion}}}}}" has no formula.')
    return formula.strip(), helpers.strip()


def _value(insertion: str, numbers: Collection[str]) -> Union[Render, None]:
    formula, helpers = _split(insertion)
    if helpers == "number":
        evaluate = parse_number(formula, numbers).evaluate
        return lambda env: _json_number(evaluate(env))  # type: ignore[arg-type]
    if not helpers and formula not in numbers:
        try:
            truth = parse(formula, numbers)
        except VariantError:
            return None  # a word, or wrong: what follows says which
        if truth.is_truth:
            return truth.evaluate  # type: ignore[return-value]
    return None


def _json_number(value: Value) -> object:
    return value if isinstance(value, int) else float(value)


def _written(
    insertion: str, where: Setting, numbers: Collection[str], words: Collection[str]
) -> Render:
    formula, helpers = _split(insertion)
    if formula in words:
        if helpers:
            raise VariantError(f'"{formula}" is a word; nothing goes behind it.')
        return lambda env: _word(env[formula], where.language)
    evaluate = parse_number(formula, numbers).evaluate
    write = writer(helpers)

    def render(env: Env) -> str:
        number: Number = evaluate(env)  # type: ignore[arg-type]
        return write(number, where)

    return render


def _word(value: Drawn, language: str) -> str:
    if isinstance(value, Mapping):
        return choose(value, (language,) if language else ())
    return str(value)
