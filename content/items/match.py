"""Kind "match": each row is given the option that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Iterator, Set, Tuple

from content.fields import Fields
from content.items.kind import Answer, Kind, Result, joined, mapping_answer, shared
from content.items.reading import counted, refuse_twins
from content.text import Text

MAX_ROWS = 12


@dataclass(frozen=True)
class MatchRow:
    """What an option is to be found for; ``feedback`` is for who found another one."""

    id: str
    text: Text
    match: str
    feedback: Text


@dataclass(frozen=True)
class Option:
    """One of what belongs to the rows; it may serve several of them, or none."""

    id: str
    text: Text


@dataclass(frozen=True)
class Match:
    """Rows and options, in the author's order."""

    rows: Tuple[MatchRow, ...]
    options: Tuple[Option, ...]

    def option(self, option_id: str) -> Option:
        """The option of that id; KeyError when there is none."""
        return {option.id: option for option in self.options}[option_id]


def read_match(fields: Fields) -> Match:
    """Rows with the id of their option."""
    options = tuple(
        Option(one.identifier("id"), one.text("text"))
        for one in counted(fields, "option", 2, 2 * MAX_ROWS)
    )
    refuse_twins(fields, "option", [option.id for option in options])
    known = {option.id for option in options}
    rows = tuple(_read_row(one, known) for one in counted(fields, "row", 1, MAX_ROWS))
    refuse_twins(fields, "row", [row.id for row in rows])
    return Match(rows, options)


def _read_row(fields: Fields, known: Set[str]) -> MatchRow:
    match = fields.identifier("match")
    if match not in known:
        raise fields.fail("match", f"names the option {match!r}, which is not there")
    feedback = fields.text("feedback", required=False)
    return MatchRow(fields.identifier("id"), fields.text("text"), match, feedback)


def score_match(body: Match, answer: object) -> Result:
    """Every row is worth the same; a wrong option costs nothing but its row."""
    given = mapping_answer(answer)
    parts = {row.id: given[row.id] == row.match for row in body.rows if row.id in given}
    said = [row.feedback for row in body.rows if parts.get(row.id) is False]
    return shared(parts, len(body.rows), joined(said))


def _right(body: Match) -> Answer:
    return {row.id: row.match for row in body.rows}


def _minutes(body: Match) -> Fraction:
    return Fraction(max(2, len(body.rows)), 2)


def _texts(body: Match) -> Iterator[Tuple[str, Text]]:
    for row in body.rows:
        yield f"row {row.id}", row.text
        yield f"feedback {row.id}", row.feedback
    for option in body.options:
        yield f"option {option.id}", option.text


KIND = Kind(read_match, score_match, _right, _minutes, _texts)
