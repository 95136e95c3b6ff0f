"""A blank: a place to answer within a text or a table, with a kind of its own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Dict, Iterator, List, Mapping, Sequence, Tuple

from content.fields import Fields
from content.items import choosing, number, short
from content.items.kind import RIGHT, Kind, Result, joined, mapping_answer
from content.items.reading import one_of, refuse_twins
from content.text import Text

BLANK_KINDS: Mapping[str, Kind] = {
    "short": short.SHORT,
    "number": number.NUMBER,
    "choice": choosing.CHOICE,
}
MAX_WEIGHT = 100
MAX_BLANKS = 50


@dataclass(frozen=True)
class Blank:
    """``kind`` is "short", "number" or "choice", and ``body`` that kind's own.

    ``weight`` is how much it counts beside the other blanks.
    """

    id: str
    kind: str
    body: Any
    weight: int = 1


def read_blank(fields: Fields) -> Blank:
    """A blank with its key."""
    kind = one_of(fields, "kind", tuple(BLANK_KINDS), None)
    return Blank(
        id=fields.identifier("id"),
        kind=kind,
        body=BLANK_KINDS[kind].read(fields),
        weight=fields.integer("weight", 1, MAX_WEIGHT, default=1),
    )


def refuse_twin_blanks(fields: Fields, name: str, blanks: Sequence[Blank]) -> None:
    """Raise when two blanks have one id, or when there are none or too many."""
    if not 1 <= len(blanks) <= MAX_BLANKS:
        raise fields.fail(name, f"must hold 1 to {MAX_BLANKS} places to answer")
    refuse_twins(fields, name, [blank.id for blank in blanks])


def score_blanks(blanks: Sequence[Blank], answer: object) -> Result:
    """Every blank is worth its weight, scored as an item of its kind would be."""
    given = mapping_answer(answer)
    earned = Fraction(0)
    parts: Dict[str, bool] = {}
    said: List[Text] = []
    remarks: List[str] = []
    for blank in blanks:
        if blank.id not in given:
            continue
        result = BLANK_KINDS[blank.kind].score(blank.body, given[blank.id])
        earned += blank.weight * (result.share or 0)
        parts[blank.id] = result.share == RIGHT
        said.append(result.feedback)
        remarks.append(result.remark)
    total = sum(blank.weight for blank in blanks)
    return Result(earned / total, joined(said), parts, next(filter(None, remarks), ""))


def right_blanks(blanks: Sequence[Blank]) -> Mapping[str, str]:
    """A right answer for each blank."""
    return {blank.id: str(BLANK_KINDS[blank.kind].right(blank.body)) for blank in blanks}


def blank_minutes(blanks: Sequence[Blank]) -> Fraction:
    """A short time for each blank."""
    return max(Fraction(1), Fraction(len(blanks), 2))


def blank_texts(blanks: Sequence[Blank]) -> Iterator[Tuple[str, Text]]:
    """What the author wrote into the blanks."""
    for blank in blanks:
        for place, text in BLANK_KINDS[blank.kind].texts(blank.body):
            yield f"{blank.id}: {place}", text
