"""Scoring: what an answer is worth, the same on every machine and however often it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Callable, Dict, FrozenSet, Iterable, Mapping, Optional, Tuple

from content.number import parse_number
from content.task import Item, Task
from content.text import Text

_HUNDREDTHS = 100


@dataclass(frozen=True)
class ItemScore:
    """What one answer is worth.

    ``points`` and ``correct`` are None while a teacher has to decide. Points are multiples of 0.01
    from 0 to ``of``. ``feedback`` is what the author says to who answered so.
    """

    points: Optional[float]
    of: float
    correct: Optional[bool]
    feedback: Text


@dataclass(frozen=True)
class TaskScore:
    """The sum: ``points`` scored here, out of ``of``; ``waiting`` is the teacher's to give."""

    points: float
    of: float
    waiting: float
    items: Mapping[str, ItemScore]


def score_item(item: Item, answer: object) -> ItemScore:
    """Score one answer. An answer of the wrong type or form scores 0 and never raises."""
    return _SCORERS[item.kind](item, answer)


def score_task(task: Task, answers: Mapping[str, object]) -> TaskScore:
    """Score a whole task; items absent from ``answers`` were not answered."""
    items = {item.id: score_item(item, answers.get(item.id)) for item in task.items}
    return TaskScore(
        points=_sum(score.points for score in items.values()),
        of=_sum(score.of for score in items.values()),
        waiting=_sum(score.of for score in items.values() if score.points is None),
        items=items,
    )


def _sum(points: Iterable[Optional[float]]) -> float:
    # In whole hundredths, so that ten times 0.1 is 1.
    return sum(round((one or 0) * _HUNDREDTHS) for one in points) / _HUNDREDTHS


def _scored(item: Item, share: Fraction, feedback: Text) -> ItemScore:
    exact = share * Fraction(repr(item.points)) * _HUNDREDTHS
    points = int(exact + Fraction(1, 2)) / _HUNDREDTHS
    return ItemScore(points=points, of=item.points, correct=share == 1, feedback=feedback)


def _nothing(item: Item) -> ItemScore:
    return _scored(item, Fraction(0), {})


def _score_choice(item: Item, answer: object) -> ItemScore:
    chosen = next((choice for choice in item.choices if choice.id == answer), None)
    if chosen is None:
        return _nothing(item)
    return _scored(item, Fraction(int(chosen.correct)), chosen.feedback)


def _score_choices(item: Item, answer: object) -> ItemScore:
    chosen = _chosen_ids(answer)
    if not chosen:
        return _nothing(item)
    right = frozenset(item.correct_ids)
    # A wrong choice costs what a right one earns, so that guessing does not pay.
    earned = len(chosen & right) - len(chosen - right)
    share = max(Fraction(0), Fraction(earned, len(right)))
    return _scored(item, share, _joined_feedback(item, chosen))


def _chosen_ids(answer: object) -> FrozenSet[str]:
    if not isinstance(answer, (list, tuple, set, frozenset)):
        return frozenset()
    if not all(isinstance(one, str) for one in answer):
        return frozenset()
    return frozenset(answer)


def _joined_feedback(item: Item, chosen: FrozenSet[str]) -> Text:
    said: Dict[str, Tuple[str, ...]] = {}
    for choice in item.choices:
        if choice.id in chosen:
            for language, text in choice.feedback.items():
                said[language] = (*said.get(language, ()), text)
    return {language: "\n\n".join(texts) for language, texts in said.items()}


def _score_number(item: Item, answer: object) -> ItemScore:
    given = parse_number(answer)
    key = parse_number(item.answer)
    tolerance = parse_number(item.tolerance)
    if given is None or key is None or tolerance is None:
        return _nothing(item)
    return _scored(item, Fraction(int(abs(given - key) <= tolerance)), {})


def _score_text(item: Item, answer: object) -> ItemScore:
    # Nothing written needs no teacher to see that it is worth nothing.
    if not isinstance(answer, str) or not answer.strip():
        return _nothing(item)
    return ItemScore(points=None, of=item.points, correct=None, feedback={})


def _score_file(item: Item, answer: object) -> ItemScore:
    if not _chosen_ids(answer):
        return _nothing(item)
    return ItemScore(points=None, of=item.points, correct=None, feedback={})


_SCORERS: Mapping[str, Callable[[Item, object], ItemScore]] = {
    "choice": _score_choice,
    "choices": _score_choices,
    "number": _score_number,
    "text": _score_text,
    "file": _score_file,
}
