"""What an author should know about a task's criteria, descriptors and format."""

from __future__ import annotations

from typing import Iterator, Tuple

from content.assessment.criteria import FORMATIVE, PRACTICE, TERM, UNIT
from content.assessment.unt import FORMAT, unt_remarks
from content.task import Task


def assessment_remarks(task: Task) -> Iterator[Tuple[str, str]]:
    """(place, sentence) for whatever a pupil or a teacher would stumble over."""
    if task.format == FORMAT:
        yield from unt_remarks(task)
    if task.assessment == PRACTICE:
        return
    yield from _criteria_remarks(task)
    if task.assessment in (UNIT, TERM) and task.feedback == "at-once":
        yield "", "Answers are told at once: a pupil can try until it is right."
    if task.assessment in (UNIT, TERM) and not task.sealed:
        yield "", 'Any laptop that has the pack holds the key: add sealed = "key" or "all".'
    if task.assessment == FORMATIVE and task.attempts == 1:
        yield "", "Formative assessment lets one try again; leave attempts out."


def _criteria_remarks(task: Task) -> Iterator[Tuple[str, str]]:
    if not task.criteria:
        yield "", "An assessment has criteria: add [[criterion]] with descriptors."
    for criterion in task.criteria:
        items = [item for item in task.items if item.criterion == criterion.id]
        if not items:
            yield criterion.id, "No question belongs to this criterion."
        if not criterion.descriptors:
            yield criterion.id, "Descriptors tell what is given points for; add some."
        points = sum(item.points for item in items)
        if items and criterion.descriptors and abs(points - criterion.points) > 0.001:
            yield (
                criterion.id,
                f"Its descriptors give {criterion.points:g} points, its questions {points:g}.",
            )
    if task.criteria:
        for item in task.items:
            if item.criterion is None:
                yield item.id, "The question belongs to no criterion."
