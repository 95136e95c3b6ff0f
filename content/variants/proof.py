"""Proofs about a task with variants: that whoever gets it gets a good one, and seldom the same.

Every instance is read and scored as a pupil's laptop would: its key must be valid, the right answer
must earn all points and be one that can be typed, choices must differ, formulas must be drawable.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Mapping, Optional, Set, Tuple

from content.canonical import to_canonical
from content.errors import ContentError
from content.fields import Fields
from content.number import MAX_TYPED
from content.scoring import score_item
from content.task import Item, read_item, read_task
from content.variants.instance import plain_fields
from content.variants.stream import Stream
from content.variants.template import Template

SEEDS = 10_000
CLASS_SIZE = 30
_TRIES = 2_000
_LEAST_FIT = 0.02
_MAX_PROBLEMS = 20
_ENOUGH = 3
_WHOLE = 50
"""So many instances are read as whole tasks, the others question by question."""

_UGLY = (
    (
        re.compile(r"[-+\u2212]\s*[-\u2212]\s*[0-9a-z]"),
        "two signs in a row",
        "| signed or | brackets",
    ),
    (re.compile(r"(?<![0-9.,{}/^_a-zA-Z])1[a-z](?![a-z])"), "a coefficient of 1", "| times x"),
    (re.compile(r"(?<![0-9.,{}])0[a-z](?![a-z])"), "a coefficient of 0", "a condition"),
)
_DIGITS = re.compile(r"[0-9]+")
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


@dataclass(frozen=True)
class Problem:
    """What is wrong with the task of some pupils; ``example`` is the number of one such seed."""

    place: str
    text: str
    severe: bool
    example: int


@dataclass(frozen=True)
class Proof:
    """What ``seeds`` instances show.

    ``distinct`` counts the different ones. ``alike_pairs`` is how many pairs of pupils get the
    same task in a class of `CLASS_SIZE`, on average. ``digest`` is over all instances in the order
    of their seeds.
    """

    seeds: int
    distinct: int
    alike_pairs: float
    problems: Tuple[Problem, ...]
    digest: str


@dataclass
class _Found:
    problems: Dict[Tuple[str, str], Problem] = field(default_factory=dict)
    shapes: Set[str] = field(default_factory=set)
    """Formulas that were drawn already, whatever their numbers."""

    seen: Set[bytes] = field(default_factory=set)

    def is_new(self, values: Mapping[str, Any]) -> bool:
        """Whether a question has not been looked at yet."""
        name = hashlib.sha256(to_canonical(values)).digest()[:16]
        new = name not in self.seen
        self.seen.add(name)
        return new

    def note(self, place: str, text: str, example: int, severe: bool = True) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.setdefault((place, text), Problem(place, text, severe, example))


def pupil(number: int) -> str:
    """The name of one of the pupils that proofs are made with."""
    return f"pupil-{number}"


def prove(
    fields: Fields,
    key: str,
    seeds: int = SEEDS,
    heard: Optional[Callable[[int], None]] = None,
) -> Proof:
    """Try ``seeds`` pupils' instances; ``heard`` is called with 1 for each.

    Raises the fields' error for what cannot be read at all.
    """
    template = Template(fields)
    found, whole = _Found(), hashlib.sha256()
    marks: Dict[bytes, int] = {}
    failed = 0
    for number in range(seeds):
        try:
            instance = template.instance(key, pupil(number), 1)
        except ContentError as problem:
            found.note("", str(problem), number)
            failed += 1
            if failed == _ENOUGH:
                break  # each costs a thousand draws, and one is an error already
            continue
        said = to_canonical(instance.fields)
        whole.update(said)
        name = hashlib.sha256(said).digest()[:16]
        marks[name] = marks.get(name, 0) + 1
        if marks[name] == 1:
            _examine(plain_fields(fields, instance), number, found)
        if heard is not None:
            heard(1)
    _strict(template, found)
    problems = tuple(found.problems.values())
    return Proof(seeds, len(marks), _alike_pairs(marks), problems, whole.hexdigest())


def _alike_pairs(marks: Mapping[bytes, int]) -> float:
    drawn = sum(marks.values())
    if drawn <= 1:
        return 0.0
    alike = sum(count * (count - 1) for count in marks.values()) / (drawn * (drawn - 1))
    return alike * CLASS_SIZE * (CLASS_SIZE - 1) / 2


def _strict(template: Template, found: _Found) -> None:
    """Note conditions that hardly any numbers meet: drawing takes long, and may fail one day."""
    try:
        fits = template.strictness(Stream(b"how strict"), _TRIES)
    except ContentError:
        return  # said already, for a pupil
    for place, count in fits.items():
        if count < _LEAST_FIT * _TRIES:
            share = f"Only {100 * count / _TRIES:.1f} % of the numbers drawn fit"
            found.note(place, f"{share}; draw from fewer.", 0, severe=count == 0)


def _examine(fields: Fields, number: int, found: _Found) -> None:
    """Read and try one instance; a question that was seen with the same numbers is not again."""
    try:
        if number < _WHOLE:
            read_task("task", fields)
        items = [read_item(one) for one in fields.children("item") if found.is_new(one.values)]
        stimuli = [
            one.text("text")
            for one in fields.children("stimulus", required=False)
            if found.is_new(one.values)
        ]
    except ContentError as problem:
        found.note("", str(problem).replace(f"{fields.place}: ", ""), number)
        return
    for item in items:
        _check_key(item, number, found)
        _check_twins(item, number, found)
        for place, text in item.texts():
            for said in text.values():
                _check_text(f"{item.id}: {place}", said, number, found)
    for text in stimuli:
        for said in text.values():
            _check_text("stimulus", said, number, found)


def _check_key(item: Item, number: int, found: _Found) -> None:
    right = item.right_answer
    if right is None:
        return
    if score_item(item, right).points != item.points:
        found.note(item.id, "The right answer does not earn all points.", number)
    if item.kind == "number" and len(str(right)) > MAX_TYPED // 2:
        found.note(item.id, "The right answer has too many digits to type.", number)


def _check_twins(item: Item, number: int, found: _Found) -> None:
    languages: Set[str] = {one for choice in item.choices for one in choice.text}
    for language in sorted(languages):
        said = [choice.text.get(language, choice.id).strip() for choice in item.choices]
        if len(set(said)) != len(said):
            found.note(item.id, f"Two choices say the same in {language}; add a condition.", number)


def _check_text(place: str, text: str, number: int, found: _Found) -> None:
    from content.documents.formula import parse_formula
    from content.errors import FormulaError

    formulas: List[str] = [one or other for one, other in _FORMULA.findall(text)]
    for formula in formulas:
        shape = _DIGITS.sub("7", formula)
        if shape not in found.shapes:
            found.shapes.add(shape)
            try:
                parse_formula(formula)
            except FormulaError as problem:
                found.note(place, f"A formula cannot be drawn: {problem}", number)
        for pattern, what, advice in _UGLY:
            if pattern.search(formula):
                found.note(place, f"A formula has {what}: use {advice}.", number, severe=False)
