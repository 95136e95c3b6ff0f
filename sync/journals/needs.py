"""When lessons are needed: what class plans and assignments say of the days to come.

A lesson is needed when the class plan reaches it, or when an assignment of it is due.
"""

from __future__ import annotations

from typing import Dict, Iterable, Optional, Tuple

from sync.kinds import ASSIGNMENT, CLASS_PLAN
from sync.record import Record

DAY_MS = 24 * 3600 * 1000
HORIZON_MS = 14 * DAY_MS
"""What the plan reaches within this time is due."""
GRACE_MS = 2 * DAY_MS
"""A lesson is needed for so long after it began: some were ill, and the laptop was away."""
SOME_DAY = 1 << 62
"""When a lesson is needed that is planned without a date."""

LessonKey = Tuple[str, str]
"""Pack and lesson."""
Need = Tuple[int, int]
"""When a lesson is needed, in milliseconds, and its place in the plan."""


def needs(records: Iterable[Record], now_ms: int) -> Dict[LessonKey, Need]:
    """Return when each lesson of the latest plans and assignments is needed, if it still is.

    ``records`` are those that count, one for each class and each assigned task.
    """
    found: Dict[LessonKey, Need] = {}

    def note(key: LessonKey, time_ms: Optional[int], place: int) -> None:
        if time_ms is None or time_ms >= now_ms - GRACE_MS:
            need = (SOME_DAY if time_ms is None else time_ms, place)
            found[key] = min(need, found.get(key, need))

    for record in records:
        body = record.body
        if record.kind == CLASS_PLAN:
            for place, (pack, lesson, begins_ms) in enumerate(body["lessons"]):
                note((pack, lesson), begins_ms, place)
        elif record.kind == ASSIGNMENT:
            # What was set without a date is wanted now.
            due_ms = now_ms if body["due_ms"] is None else body["due_ms"]
            note((body["pack"], body["lesson"]), due_ms, 0)
    return found


def lesson_of(pack: str, path: str) -> LessonKey:
    """Return the lesson in whose folder a pack's file lies; an empty name for none."""
    parts = path.split("/")
    return pack, parts[1] if parts[0] == "lessons" and len(parts) > 2 else ""


def is_due(need: Optional[Need], now_ms: int) -> bool:
    """Tell whether a lesson is needed soon; one that is planned for some day counts as such."""
    return need is not None and (need[0] <= now_ms + HORIZON_MS or need[0] == SOME_DAY)
