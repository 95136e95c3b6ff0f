"""Tasks: what a pupil is asked, read from a source's TOML or a built pack's JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Iterator, Mapping, Optional, Tuple

from content.assessment.criteria import (
    PRACTICE,
    Criterion,
    read_assessment,
    read_attempts,
    read_criteria,
)
from content.errors import ContentError
from content.fields import Fields
from content.items.choosing import Choice, Choosing
from content.items.kind import Answer
from content.items.reading import one_of, refuse_twins
from content.items.registry import KINDS
from content.text import Text

__all__ = [
    "Answer",
    "Answers",
    "Choice",
    "Item",
    "Stimulus",
    "Task",
    "read_item",
    "read_task",
    "task_problems",
]

FORMATS = ("unt",)
SEALED = ("key", "all")
FEEDBACKS = ("at-once", "after", "none")
MAX_POINTS = 100
MAX_ITEMS = 200
MAX_STIMULI = 20
MAX_MINUTES = 600

Answers = Mapping[str, Answer]
"""Item id to answer; an absent item was not answered."""


@dataclass(frozen=True)
class Item:
    """One question.

    ``body`` is the kind's own: what may be chosen, the key, the parts (``content.items``). Prompts
    are Markdown with formulas. ``rubric`` tells the teacher how to mark the kinds "text" and
    "file". ``partial`` is false when only a wholly right answer earns points. ``minutes`` is how
    long it should take. ``stimulus`` names the text that several items ask about.
    """

    id: str
    kind: str
    points: float
    prompt: Text
    body: Any = None
    hint: Text = field(default_factory=dict)
    solution: Text = field(default_factory=dict)
    rubric: Text = field(default_factory=dict)
    partial: bool = True
    minutes: Optional[float] = None
    stimulus: Optional[str] = None
    criterion: Optional[str] = None

    @property
    def choices(self) -> Tuple[Choice, ...]:
        """What may be chosen, for the kinds "choice" and "choices"."""
        return self.body.choices if isinstance(self.body, Choosing) else ()

    @property
    def correct_ids(self) -> Tuple[str, ...]:
        """The ids of the right choices."""
        return self.body.correct_ids if isinstance(self.body, Choosing) else ()

    @property
    def right_answer(self) -> Answer:
        """An answer that earns everything; None where only a teacher can say."""
        return KINDS[self.kind].right(self.body)

    @property
    def expected_minutes(self) -> Fraction:
        """The author's estimate, else what its kind usually takes."""
        if self.minutes is not None:
            return Fraction(self.minutes)
        return KINDS[self.kind].minutes(self.body)

    def texts(self) -> Iterator[Tuple[str, Text]]:
        """(place, text) of all that the author wrote into it, empty texts included."""
        yield "prompt", self.prompt
        yield "hint", self.hint
        yield "solution", self.solution
        yield "rubric", self.rubric
        yield from KINDS[self.kind].texts(self.body)


@dataclass(frozen=True)
class Stimulus:
    """A text that several items ask about."""

    id: str
    text: Text


@dataclass(frozen=True)
class Task:
    """A set of items that is handed in as one piece of work.

    ``feedback`` says when a pupil learns what was right: "at-once" with every item, "after" handing
    in, or "none" (the teacher tells). ``variant`` marks what was drawn for one pupil
    (``content.variants``); it is empty where everybody gets the same.

    ``assessment`` says what it counts for and ``criteria`` how it is marked; ``attempts`` is how
    often it may be handed in, None for as often as one likes. ``format`` is "unt" where it keeps to
    that test's. ``sealed`` is what a source seals (``content.sealing``); while ``key_sealed``, the
    keys of the questions are none and nothing can be scored.
    """

    id: str
    title: Text
    minutes: int
    feedback: str
    items: Tuple[Item, ...]
    stimuli: Tuple[Stimulus, ...] = ()
    variant: str = ""
    assessment: str = PRACTICE
    criteria: Tuple[Criterion, ...] = ()
    attempts: Optional[int] = None
    format: str = ""
    sealed: str = ""
    key_sealed: bool = False

    @property
    def points(self) -> float:
        """The most that can be scored."""
        return sum(item.points for item in self.items)

    def item(self, item_id: str) -> Optional[Item]:
        """The item of that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def stimulus(self, item: Item) -> Optional[Stimulus]:
        """The text that an item asks about, or None."""
        return next((one for one in self.stimuli if one.id == item.stimulus), None)


def read_task(task_id: str, fields: Fields) -> Task:
    """The task that ``fields`` describe; raises the error class of ``fields``."""
    items = tuple(read_item(item) for item in fields.children("item", limit=MAX_ITEMS))
    if not items:
        raise fields.fail("item", "must hold at least one question")
    refuse_twins(fields, "item", [item.id for item in items])
    stimuli = _read_stimuli(fields)
    known = {stimulus.id for stimulus in stimuli}
    for item in items:
        if item.stimulus is not None and item.stimulus not in known:
            raise fields.fail("stimulus", f"{item.stimulus!r} is asked about but is not there")
    assessment = read_assessment(fields)
    return Task(
        id=task_id,
        title=fields.text("title"),
        minutes=fields.integer("minutes", 1, MAX_MINUTES, default=_minutes(items)),
        feedback=one_of(fields, "feedback", FEEDBACKS, "after"),
        items=items,
        stimuli=stimuli,
        assessment=assessment,
        criteria=read_criteria(fields, [item.criterion for item in items]),
        attempts=read_attempts(fields, assessment),
        format=one_of(fields, "format", FORMATS, "") if fields.has("format") else "",
        sealed=one_of(fields, "sealed", SEALED, None) if fields.has("sealed") else "",
    )


def _read_stimuli(fields: Fields) -> Tuple[Stimulus, ...]:
    tables = fields.children("stimulus", required=False, limit=MAX_STIMULI)
    stimuli = tuple(Stimulus(one.identifier("id"), one.text("text")) for one in tables)
    refuse_twins(fields, "stimulus", [stimulus.id for stimulus in stimuli])
    return stimuli


def _minutes(items: Tuple[Item, ...]) -> int:
    total = math.ceil(sum((item.expected_minutes for item in items), Fraction(0)))
    return min(max(total, 1), MAX_MINUTES)


def read_item(fields: Fields) -> Item:
    """The item that ``fields`` describe, with a key that can be scored."""
    kind = one_of(fields, "kind", tuple(KINDS), None)
    if "choice" in fields.values and kind not in ("choice", "choices"):
        raise fields.fail("choice", f'does not belong to an item of kind "{kind}"')
    return Item(
        id=fields.identifier("id"),
        kind=kind,
        points=_points(fields),
        prompt=fields.text("prompt"),
        body=KINDS[kind].read(fields),
        hint=fields.text("hint", required=False),
        solution=fields.text("solution", required=False),
        rubric=fields.text("rubric", required=False),
        partial=fields.flag("partial", default=True),
        minutes=fields.number("minutes", 0.1, MAX_MINUTES) if fields.has("minutes") else None,
        stimulus=fields.identifier("stimulus") if fields.has("stimulus") else None,
        criterion=fields.identifier("criterion") if fields.has("criterion") else None,
    )


def _points(fields: Fields) -> float:
    points = fields.number("points", 0.01, MAX_POINTS, default=1)
    if round(points * 100) / 100 != points:
        raise fields.fail("points", "must have two decimals at most")
    return points


def task_problems(fields: Fields) -> Tuple[ContentError, ...]:
    """Every item that cannot be read, instead of the first only: for whoever mends the source."""
    problems = []
    for item in fields.children("item", limit=MAX_ITEMS):
        try:
            read_item(item)
        except ContentError as problem:
            problems.append(problem)
    return tuple(problems)
