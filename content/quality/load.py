"""How long a lesson takes a pupil: reading, watching and answering."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Iterable

from content.documents.document import (
    Block,
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
)

_WORD = re.compile(r"\w+")
_FORMULA_WORDS = 4
_PICTURE_WORDS = 20
_FIRST_GRADE_WPM = 30
_STEP_WPM = 12
_MOST_WPM = 150
TWICE = Fraction(2)
"""A lesson's estimate may be off by this factor before it is remarked on."""


@dataclass(frozen=True)
class Load:
    """Minutes that a lesson takes. ``stated`` is what its author says."""

    reading: Fraction
    watching: Fraction
    answering: Fraction
    stated: int

    @property
    def total(self) -> Fraction:
        """All of it together."""
        return self.reading + self.watching + self.answering

    @property
    def is_misjudged(self) -> bool:
        """Whether the author's figure is less than half or more than twice the estimate."""
        return not self.total / TWICE <= self.stated <= max(self.total, Fraction(5)) * TWICE


def words_per_minute(grade: int) -> int:
    """How fast pupils of a grade read to understand.

    Between what Kazakhstan's primary school expects (some 30 words at the end of the first grade,
    80 to 90 at the end of the fourth) and what is usual for older pupils with a textbook.
    """
    return min(_FIRST_GRADE_WPM + _STEP_WPM * max(0, grade - 1), _MOST_WPM)


def reading_minutes(words: int, grade: int) -> Fraction:
    """Minutes for a text of so many words."""
    return Fraction(words, words_per_minute(grade))


def count_words(blocks: Iterable[Block]) -> int:
    """Words of a text; a formula and a picture count as the words that their time would do."""
    return sum(_words_of(block) for block in blocks)


def _words_of(block: Block) -> int:
    if isinstance(block, (Heading, Paragraph)):
        return _words_in(block.spans)
    if isinstance(block, Quote):
        return count_words(block.blocks)
    if isinstance(block, ListBlock):
        return sum(count_words(item) for item in block.items)
    if isinstance(block, Table):
        return sum(_words_in(cell) for row in (block.header, *block.rows) for cell in row)
    if isinstance(block, FormulaBlock):
        return _FORMULA_WORDS
    return _PICTURE_WORDS if isinstance(block, Picture) else 0


def _words_in(spans: Iterable[Span]) -> int:
    return sum(_FORMULA_WORDS if one.formula else len(_WORD.findall(one.text)) for one in spans)
