"""Files that hold a whole course, such as a Common Cartridge: a lesson for each of its units."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Iterable, List, Mapping, Sequence

from content.authoring.composed import Outcomes
from content.authoring.grouping import Group, Placed
from content.authoring.names import numbered
from content.authoring.scan import DOCUMENT, TASKS


def parts_of(group: Group, placed: Placed, outcomes: Outcomes, kind: str) -> List[Dict[str, Any]]:
    """The "documents" or "tasks" that a file gives to a lesson."""
    found = outcomes.of(placed.found.path).get(kind, ())
    return [one for one in found if group.unit is None or unit_of(one) == group.unit]


def unit_of(values: Mapping[str, Any]) -> str:
    """The unit that importers put before the name of a part: "Rivers" of "Rivers/Reading"."""
    return str(values["name"]).rpartition("/")[0]


def by_unit(groups: Iterable[Group], outcomes: Outcomes) -> List[Group]:
    """The groups, where those with courses become one for each unit, in the course's order."""
    found: List[Group] = []
    for group in groups:
        courses = {one: _units(one, outcomes) for one in group.of(DOCUMENT, TASKS)}
        courses = {one: units for one, units in courses.items() if any(units)}
        rest = tuple(one for one in group.files if one not in courses)
        if rest or not courses:
            found.append(replace(group, files=rest) if courses else group)
        for course, units in courses.items():
            found.extend(_of_course(group, course, units))
    return found


def _units(placed: Placed, outcomes: Outcomes) -> Sequence[str]:
    values = outcomes.of(placed.found.path)
    parts = [*values.get("documents", ()), *values.get("tasks", ())]
    return list(dict.fromkeys(map(unit_of, parts)))


def _of_course(group: Group, course: Placed, units: Sequence[str]) -> List[Group]:
    return [
        Group(numbered(unit.rpartition("/")[2])[1] or group.title, (course,), unit)
        for unit in units
    ]
