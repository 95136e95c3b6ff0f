"""Kinds "choice" and "choices": one right answer of several, or all the right ones."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Iterator, Optional, Sequence, Tuple

from content.fields import Fields
from content.items.kind import (
    NOTHING,
    RIGHT,
    WRONG,
    Answer,
    Kind,
    Result,
    joined,
    list_answer,
)
from content.items.reading import counted, refuse_twins, share
from content.text import Text

MAX_CHOICES = 20


@dataclass(frozen=True)
class Choice:
    """One thing that may be chosen; ``feedback`` is shown to who chose it.

    ``share`` is what choosing it adds (below 0: takes away), None for the usual rule.
    """

    id: str
    text: Text
    correct: bool
    feedback: Text
    share: Optional[Fraction] = None


@dataclass(frozen=True)
class Choosing:
    """What may be chosen, in the author's order."""

    choices: Tuple[Choice, ...]

    @property
    def correct_ids(self) -> Tuple[str, ...]:
        """The ids of the right choices."""
        return tuple(choice.id for choice in self.choices if choice.correct)


def read_one(fields: Fields) -> Choosing:
    """Choices of which exactly one is right."""
    found = _read_choices(fields)
    right = sum(choice.correct for choice in found)
    if right != 1:
        raise fields.fail("choice", f"has {right} right answers; mark exactly one correct = true")
    return Choosing(found)


def read_several(fields: Fields) -> Choosing:
    """Choices of which at least one is right."""
    found = _read_choices(fields)
    if not any(choice.correct for choice in found):
        raise fields.fail("choice", "has no right answer; mark at least one correct = true")
    return Choosing(found)


def _read_choices(fields: Fields) -> Tuple[Choice, ...]:
    found = tuple(_read_choice(one) for one in counted(fields, "choice", 2, MAX_CHOICES))
    refuse_twins(fields, "choice", [choice.id for choice in found])
    if any(choice.share is not None for choice in found):
        most = sum((choice.share or WRONG) for choice in found if choice.correct)
        if most < RIGHT:
            raise fields.fail("choice", "has shares of which the right ones make less than 1")
    return found


def _read_choice(fields: Fields) -> Choice:
    return Choice(
        id=fields.identifier("id"),
        text=fields.text("text"),
        correct=fields.flag("correct"),
        feedback=fields.text("feedback", required=False),
        share=share(fields, -1, WRONG) if fields.has("share") else None,
    )


def score_one(body: Choosing, answer: object) -> Result:
    """All or nothing, or the share that the author gave to the choice."""
    chosen = next((choice for choice in body.choices if choice.id == answer), None)
    if chosen is None:
        return NOTHING
    worth = RIGHT if chosen.correct else max(WRONG, chosen.share or WRONG)
    return Result(worth, chosen.feedback, {chosen.id: chosen.correct})


def score_several(body: Choosing, answer: object) -> Result:
    """Right choices earn; a wrong one costs what a right one earns, so guessing does not pay."""
    ids = set(list_answer(answer))
    if not ids:
        return NOTHING
    chosen = [choice for choice in body.choices if choice.id in ids]
    strangers = len(ids) - len(chosen)
    worth = _worth(body.choices, chosen) - Fraction(strangers, len(body.correct_ids))
    feedback = joined([choice.feedback for choice in chosen])
    parts = {choice.id: choice.correct for choice in chosen}
    return Result(min(RIGHT, max(WRONG, worth)), feedback, parts)


def _worth(all_choices: Sequence[Choice], chosen: Sequence[Choice]) -> Fraction:
    if any(choice.share is not None for choice in all_choices):
        return sum((choice.share or WRONG for choice in chosen), WRONG)
    right = sum(choice.correct for choice in chosen)
    return Fraction(2 * right - len(chosen), sum(choice.correct for choice in all_choices))


def _texts(body: Choosing) -> Iterator[Tuple[str, Text]]:
    for choice in body.choices:
        yield f"choice {choice.id}", choice.text
        yield f"feedback {choice.id}", choice.feedback


def _right_one(body: Choosing) -> Answer:
    return body.correct_ids[0]


def _right_several(body: Choosing) -> Answer:
    return body.correct_ids


CHOICE = Kind(read_one, score_one, _right_one, lambda _: Fraction(1), _texts)
CHOICES = Kind(read_several, score_several, _right_several, lambda _: Fraction(3, 2), _texts)
