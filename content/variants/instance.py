"""What one pupil is asked at one attempt: the door to this package."""

from __future__ import annotations

from typing import Any, Mapping

from content.errors import ContentError
from content.fields import Fields
from content.variants.errors import VariantError
from content.variants.template import Instance, Template, has_variants

__all__ = ["Instance", "has_variants", "instantiate", "plain_fields", "task_key"]

SAMPLE = ""
"""The person for whom a sample is made: nobody."""


def task_key(pack: str, lesson: str, task: str) -> str:
    """The name of a task among all tasks: its pack's id, its lesson's and its own.

    The pack's version is no part of it, so that a new version changes nobody's numbers.
    """
    return f"{pack}/{lesson}/{task}"


def instantiate(fields: Fields, key: str, person: str, attempt: int) -> Instance:
    """The plain fields of the task that ``person`` gets at their ``attempt`` (from 1).

    The same everywhere for the same four. A task without variants is given as it is, at no cost.
    Raises the fields' error, or VariantError.
    """
    if not has_variants(fields.values):
        return Instance(fields.values, "")
    return Template(fields).instance(key, person, attempt)


def plain_fields(fields: Fields, instance: Instance) -> Fields:
    """An instance as fields that `content.task.read_task` reads."""
    values: Mapping[str, Any] = instance.fields
    return Fields(dict(values), fields.place, fields.error)


def sample_fields(fields: Fields, whole: bool = False) -> Fields:
    """The instance that nobody gets, for looking at a task before anybody does.

    ``whole`` gives every question of the banks. Raises the fields' error only.
    """
    if not has_variants(fields.values):
        return fields
    try:
        return plain_fields(fields, Template(fields).instance("", SAMPLE, 1, whole))
    except VariantError as problem:
        raise as_fields_error(fields, problem) from problem


def as_fields_error(fields: Fields, problem: VariantError) -> ContentError:
    """A variant's error as one of what it was read from."""
    text = str(problem)
    return fields.error(text if text.startswith(fields.place) else f"{fields.place}: {text}")
