"""Scoring: what an answer is worth, the same on every machine and however often it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Iterable, Mapping, Optional

from content.items.registry import KINDS
from content.task import Item, Task
from content.text import Text

_HUNDREDTHS = 100


@dataclass(frozen=True)
class ItemScore:
    """What one answer is worth.

    ``points`` and ``correct`` are None while a teacher has to decide. Points are multiples of 0.01
    from 0 to ``of``. ``feedback`` is what the author says to who answered so. ``parts`` says of
    each part that was answered (a gap, a row, a cell, a place, a step) whether it is right;
    ``remark`` is a word for what is to be said beside it (``content.items.kind``).
    """

    points: Optional[float]
    of: float
    correct: Optional[bool]
    feedback: Text
    parts: Mapping[str, bool] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class TaskScore:
    """The sum: ``points`` scored here, out of ``of``; ``waiting`` is the teacher's to give."""

    points: float
    of: float
    waiting: float
    items: Mapping[str, ItemScore]


def score_item(item: Item, answer: object) -> ItemScore:
    """Score one answer. An answer of the wrong type or form scores 0 and never raises."""
    result = KINDS[item.kind].score(item.body, answer)
    share = result.share
    if share is not None and not item.partial:
        share = Fraction(share == 1)
    return ItemScore(
        points=None if share is None else _points(item, share),
        of=item.points,
        correct=None if share is None else share == 1,
        feedback=result.feedback,
        parts=result.parts,
        remark=result.remark,
    )


def _waiting(item: Item, _: object) -> ItemScore:
    """The score of an answer whose key is sealed."""
    return ItemScore(points=None, of=item.points, correct=None, feedback={})


def score_task(task: Task, answers: Mapping[str, object]) -> TaskScore:
    """Score a whole task; items absent from ``answers`` were not answered.

    While its key is sealed, everything waits.
    """
    score = _waiting if task.key_sealed else score_item
    items = {item.id: score(item, answers.get(item.id)) for item in task.items}
    return TaskScore(
        points=_sum(score.points for score in items.values()),
        of=_sum(score.of for score in items.values()),
        waiting=_sum(score.of for score in items.values() if score.points is None),
        items=items,
    )


def _sum(points: Iterable[Optional[float]]) -> float:
    # In whole hundredths, so that ten times 0.1 is 1.
    return sum(round((one or 0) * _HUNDREDTHS) for one in points) / _HUNDREDTHS


def _points(item: Item, share: Fraction) -> float:
    exact = share * Fraction(repr(item.points)) * _HUNDREDTHS
    return int(exact + Fraction(1, 2)) / _HUNDREDTHS
