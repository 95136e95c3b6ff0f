"""Kind "order": steps, dates or sizes to put in the right order."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import Dict, Iterator, List, Sequence, Tuple

from content.fields import Fields
from content.items.kind import NOTHING, Answer, Kind, Result, list_answer
from content.items.reading import counted, one_of, refuse_twins
from content.text import Text

MAX_PARTS = 12
NEXT, PLACE, RUN = "next", "place", "run"


@dataclass(frozen=True)
class Part:
    """One of what is put in order."""

    id: str
    text: Text


@dataclass(frozen=True)
class Order:
    """The parts in the right order.

    ``by`` says how points are shared: "next" counts the parts that are followed by their right
    neighbour, "place" those that stand in their right place, "run" the longest run of parts, not
    necessarily side by side, whose order is right.
    """

    parts: Tuple[Part, ...]
    by: str = NEXT

    @property
    def ids(self) -> Tuple[str, ...]:
        """The right answer."""
        return tuple(part.id for part in self.parts)


def read_order(fields: Fields) -> Order:
    """The parts as the author lists them: in the right order."""
    parts = tuple(
        Part(one.identifier("id"), one.text("text"))
        for one in counted(fields, "part", 2, MAX_PARTS)
    )
    refuse_twins(fields, "part", [part.id for part in parts])
    return Order(parts, one_of(fields, "by", (NEXT, PLACE, RUN), NEXT))


def score_order(body: Order, answer: object) -> Result:
    """The share by the item's rule.

    "next" is the usual one: steps that follow each other rightly are what was understood, one part
    at a wrong place does not spoil all behind it (as "place" does), and pressing at random earns
    1/n of the points (with "run" about half).
    """
    given = list_answer(answer)
    places = {part: place for place, part in enumerate(body.ids)}
    if len(set(given)) != len(given) or not all(part in places for part in given):
        return NOTHING
    count = len(places)
    order = [places[part] for part in given]
    parts = _parts(body, given, order)
    if len(order) == count and order == sorted(order):
        return Result(Fraction(1), parts=parts)
    if body.by == PLACE:
        share = Fraction(sum(parts.values()), count)
    elif body.by == RUN:
        share = Fraction(max(0, _longest_run(order) - 1), count - 1)
    else:
        share = Fraction(_right_steps(order), count - 1)
    return Result(share, parts=parts)


def _right_steps(order: Sequence[int]) -> int:
    return sum(after == before + 1 for before, after in zip(order, order[1:]))


def _longest_run(order: Sequence[int]) -> int:
    # Patience sorting: ends[k] is the smallest last place of a rising run of k + 1 parts.
    ends: List[int] = []
    for place in order:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _parts(body: Order, given: Sequence[str], order: Sequence[int]) -> Dict[str, bool]:
    """Which parts are shown as right: those in their place, or behind their right neighbour."""
    if body.by == PLACE:
        return {part: place == at for at, (part, place) in enumerate(zip(given, order))}
    before = (-1, *order)
    return {part: place == last + 1 for part, place, last in zip(given, order, before)}


def _right(body: Order) -> Answer:
    return body.ids


def _minutes(body: Order) -> Fraction:
    return Fraction(max(2, len(body.parts)), 3)


def _texts(body: Order) -> Iterator[Tuple[str, Text]]:
    for part in body.parts:
        yield f"part {part.id}", part.text


KIND = Kind(read_order, score_order, _right, _minutes, _texts)
