"""A mark that a teacher has begun to give: kept as drafts are, until it is given. Imports no kivy.

So nothing of it is lost when the laptop locks itself, or the power goes.
"""

from __future__ import annotations

import json
from typing import Any, Dict, NamedTuple, Optional, Tuple

from client.laptop.schoolwork.class_work import WorkDetail
from client.laptop.schoolwork.works import WorkId
from client.screens.model import Session

PACK = "review"
"""What stands in a draft's key where a pupil's has the pack."""


class Typed(NamedTuple):
    """Points, comment, and points by descriptor."""

    points: float
    comment: str
    descriptors: Dict[str, float]


class UnsavedMark:
    """The begun mark of one work; every method but the first touches the disk."""

    def __init__(self, session: Session, work: WorkId) -> None:
        self._session, self._work = session, work

    def look(self) -> Tuple[WorkDetail, Optional[Typed]]:
        """Open the work, and what was typed for it. Raises as ``Laptop.work_detail``."""
        laptop, person = self._session.laptop, self._session.person
        detail = laptop.work_detail(self._work)
        kept = laptop.draft(*self._key(person.id)) if person is not None else {}
        return detail, _read(kept, detail.work.of)

    def keep(self, teacher: str, typed: Typed) -> None:
        """Keep what is typed."""
        values = {
            "points": str(typed.points),
            "comment": typed.comment,
            "descriptors": json.dumps(typed.descriptors),
        }
        self._session.laptop.save_draft(*self._key(teacher), values, 1)

    def forget(self, teacher: str) -> None:
        """The mark was given."""
        if self._session.laptop.draft(*self._key(teacher)):
            self._session.laptop.save_draft(*self._key(teacher), {}, 1)

    def _key(self, teacher: str) -> Tuple[str, str, str, str]:
        return teacher, PACK, self._work.device, str(self._work.seq)


def _read(kept: Dict[str, Any], most: float) -> Optional[Typed]:
    """Read a kept mark; None where there is none, or it is damaged."""
    try:
        given = json.loads(kept["descriptors"])
        descriptors = {str(key): float(points) for key, points in given.items()}
        points = min(most, max(0.0, float(kept["points"])))
        return Typed(points, str(kept["comment"]), descriptors)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
