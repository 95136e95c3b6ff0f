"""What an assessment is for, and by which criteria and descriptors it is marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Mapping, Optional, Tuple

from content.fields import Fields
from content.items.reading import one_of, refuse_twins
from content.text import Text

PRACTICE, FORMATIVE, UNIT, TERM = "practice", "formative", "unit", "term"
ASSESSMENTS = (PRACTICE, FORMATIVE, UNIT, TERM)
"""Training; formative (ФО, ҚБ); summative for a unit (СОР, БЖБ); for a term (СОЧ, ТЖБ)."""
MAX_CRITERIA = 20
MAX_DESCRIPTORS = 20
MAX_ATTEMPTS = 100


@dataclass(frozen=True)
class Descriptor:
    """One thing that a pupil does and gets points for."""

    id: str
    text: Text
    points: float


@dataclass(frozen=True)
class Criterion:
    """What is assessed, and the descriptors that tell whether it is reached."""

    id: str
    text: Text
    descriptors: Tuple[Descriptor, ...]

    @property
    def points(self) -> float:
        """The most that its descriptors give."""
        return sum(descriptor.points for descriptor in self.descriptors)

    def key(self, descriptor: Descriptor) -> str:
        """The name of a descriptor among all of a task."""
        return f"{self.id}/{descriptor.id}"


def read_assessment(fields: Fields) -> str:
    """The kind of assessment; training unless the author says."""
    return one_of(fields, "assessment", ASSESSMENTS, PRACTICE)


def read_attempts(fields: Fields, assessment: str) -> Optional[int]:
    """How often the task may be handed in; None for as often as one likes.

    What counts for a unit or a term is handed in once unless the author says.
    """
    if fields.has("attempts"):
        return fields.integer("attempts", 1, MAX_ATTEMPTS)
    return 1 if assessment in (UNIT, TERM) else None


def read_criteria(fields: Fields, named: Iterable[Optional[str]]) -> Tuple[Criterion, ...]:
    """The criteria; ``named`` are those that the questions belong to, which must be there."""
    criteria = tuple(
        _read_criterion(one) for one in fields.children("criterion", False, MAX_CRITERIA)
    )
    refuse_twins(fields, "criterion", [criterion.id for criterion in criteria])
    known = {criterion.id for criterion in criteria}
    strange = sorted({name for name in named if name is not None} - known)
    if strange:
        raise fields.fail("criterion", f"{strange[0]!r} is asked for but is not there")
    return criteria


def _read_criterion(fields: Fields) -> Criterion:
    descriptors = tuple(
        _read_descriptor(one) for one in fields.children("descriptor", False, MAX_DESCRIPTORS)
    )
    refuse_twins(fields, "descriptor", [descriptor.id for descriptor in descriptors])
    return Criterion(fields.identifier("id"), fields.text("text"), descriptors)


def _read_descriptor(fields: Fields) -> Descriptor:
    points = fields.number("points", 0.01, 100, default=1)
    if round(points * 100) / 100 != points:
        raise fields.fail("points", "must have two decimals at most")
    return Descriptor(fields.identifier("id"), fields.text("text"), points)


def given_points(criterion: Criterion, given: Mapping[str, float]) -> Optional[float]:
    """What a teacher gave by this criterion's descriptors; None when none of them was marked."""
    points = [given[key] for key in map(criterion.key, criterion.descriptors) if key in given]
    return round(sum(points), 2) if points else None
