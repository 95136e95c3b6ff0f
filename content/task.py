"""Tasks: what a pupil is asked, read from a source's TOML or a built pack's JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Sequence, Tuple, Union

from content.errors import ContentError
from content.fields import Fields
from content.number import parse_number
from content.text import Text

Answer = Union[None, str, Sequence[str]]
"""A choice's id, several choices' ids, the number as typed, text, or attached files' names."""

KINDS = ("choice", "choices", "number", "text", "file")
FEEDBACKS = ("at-once", "after", "none")
MAX_POINTS = 100
MAX_ITEMS = 200
MAX_CHOICES = 20


@dataclass(frozen=True)
class Choice:
    """One thing that may be chosen; ``feedback`` is shown to who chose it."""

    id: str
    text: Text
    correct: bool
    feedback: Text


@dataclass(frozen=True)
class Item:
    """One question.

    ``answer`` and ``tolerance`` are exact decimals or fractions as text, for "number" only;
    ``rubric`` tells the teacher how to mark the kinds "text" and "file". Prompts are Markdown with
    formulas.
    """

    id: str
    kind: str
    points: float
    prompt: Text
    choices: Tuple[Choice, ...] = ()
    answer: Optional[str] = None
    tolerance: str = "0"
    hint: Text = field(default_factory=dict)
    solution: Text = field(default_factory=dict)
    rubric: Text = field(default_factory=dict)

    @property
    def correct_ids(self) -> Tuple[str, ...]:
        """The ids of the right choices."""
        return tuple(choice.id for choice in self.choices if choice.correct)


@dataclass(frozen=True)
class Task:
    """A set of items that is handed in as one piece of work.

    ``feedback`` says when a pupil learns what was right: "at-once" with every item, "after" handing
    in, or "none" (the teacher tells).
    """

    id: str
    title: Text
    minutes: int
    feedback: str
    items: Tuple[Item, ...]

    @property
    def points(self) -> float:
        """The most that can be scored."""
        return sum(item.points for item in self.items)

    def item(self, item_id: str) -> Optional[Item]:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)


def read_task(task_id: str, fields: Fields) -> Task:
    """The task that ``fields`` describe; raises the error class of ``fields``."""
    items = tuple(read_item(item) for item in fields.children("item", limit=MAX_ITEMS))
    if not items:
        raise fields.fail("item", "must hold at least one question")
    _refuse_twins(fields, "item", [item.id for item in items])
    return Task(
        id=task_id,
        title=fields.text("title"),
        minutes=fields.integer("minutes", 1, 600, default=10),
        feedback=_one_of(fields, "feedback", FEEDBACKS, "after"),
        items=items,
    )


def read_item(fields: Fields) -> Item:
    """The item that ``fields`` describe, with a key that can be scored."""
    kind = _one_of(fields, "kind", KINDS, None)
    choices = tuple(_read_choice(choice) for choice in fields.children("choice", kind in _CHOOSING))
    _check_choices(fields, kind, choices)
    return Item(
        id=fields.identifier("id"),
        kind=kind,
        points=_points(fields),
        prompt=fields.text("prompt"),
        choices=choices,
        answer=_exact(fields, "answer") if kind == "number" else None,
        tolerance=_tolerance(fields) if kind == "number" else "0",
        hint=fields.text("hint", required=False),
        solution=fields.text("solution", required=False),
        rubric=fields.text("rubric", required=False),
    )


_CHOOSING = ("choice", "choices")


def _points(fields: Fields) -> float:
    points = fields.number("points", 0.01, MAX_POINTS, default=1)
    if round(points * 100) / 100 != points:
        raise fields.fail("points", "must have two decimals at most")
    return points


def _read_choice(fields: Fields) -> Choice:
    return Choice(
        id=fields.identifier("id"),
        text=fields.text("text"),
        correct=fields.flag("correct"),
        feedback=fields.text("feedback", required=False),
    )


def _check_choices(fields: Fields, kind: str, choices: Tuple[Choice, ...]) -> None:
    if kind not in _CHOOSING:
        if choices:
            raise fields.fail("choice", f'does not belong to an item of kind "{kind}"')
        return
    if not 2 <= len(choices) <= MAX_CHOICES:
        raise fields.fail("choice", f"must be given 2 to {MAX_CHOICES} times")
    _refuse_twins(fields, "choice", [choice.id for choice in choices])
    right = sum(choice.correct for choice in choices)
    if kind == "choice" and right != 1:
        raise fields.fail("choice", f"has {right} right answers; mark exactly one correct = true")
    if right == 0:
        raise fields.fail("choice", "has no right answer; mark at least one correct = true")


def _refuse_twins(fields: Fields, name: str, ids: Sequence[str]) -> None:
    twins = sorted({one for one in ids if ids.count(one) > 1})
    if twins:
        raise fields.fail(name, f"uses the id {twins[0]!r} twice; give each its own")


def _one_of(fields: Fields, name: str, allowed: Sequence[str], default: Optional[str]) -> str:
    value = fields.string(name, default)
    if value not in allowed:
        raise fields.fail(name, f"must be one of {', '.join(allowed)}, not {value[:40]!r}")
    return value


def _exact(fields: Fields, name: str) -> str:
    value = fields.values.get(name)
    # Authors write answer = 5 as often as answer = "5"; the shortest text of either is exact.
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if value is None:
        raise fields.fail(name, "is missing; give the right number")
    if not isinstance(value, str) or parse_number(value) is None:
        raise fields.fail(name, f'must be a number such as "2.5" or "5/2", not {str(value)[:40]!r}')
    return value


def _tolerance(fields: Fields) -> str:
    if not fields.has("tolerance"):
        return "0"
    tolerance = _exact(fields, "tolerance")
    exact = parse_number(tolerance)
    if exact is None or exact < 0:
        raise fields.fail("tolerance", "must not be negative")
    return tolerance


def task_problems(fields: Fields) -> Tuple[ContentError, ...]:
    """Every item that cannot be read, instead of the first only: for whoever mends the source."""
    problems = []
    for item in fields.children("item", limit=MAX_ITEMS):
        try:
            read_item(item)
        except ContentError as problem:
            problems.append(problem)
    return tuple(problems)


Answers = Mapping[str, Answer]
"""Item id to answer; an absent item was not answered."""
