"""Kind "text": a long answer that a teacher marks by the rubric."""

from __future__ import annotations

from fractions import Fraction

from content.fields import Fields
from content.items.kind import FOR_THE_TEACHER, NOTHING, Kind, Result, no_texts


def read_essay(fields: Fields) -> None:
    """Nothing but what every item has: the rubric is the item's."""
    del fields


def score_essay(_: None, answer: object) -> Result:
    """Nothing written needs no teacher to see that it is worth nothing."""
    return FOR_THE_TEACHER if isinstance(answer, str) and answer.strip() else NOTHING


TEXT = Kind(read_essay, score_essay, lambda _: None, lambda _: Fraction(5), no_texts)
