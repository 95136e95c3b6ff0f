"""Work handed in, and the stations it passes on its road to the teacher and back."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, NamedTuple, Optional, Sequence, Union

from client.laptop.packs.lessons import Text

Answer = Union[None, str, Sequence[str], Mapping[str, str]]
"""Text, several choices or files, or what is answered in each part of a question."""
Answers = Mapping[str, Answer]


MAX_ATTEMPT = 1_000_000


class WorkId(NamedTuple):
    """A submission's place in the journal of the device that wrote it: the same everywhere."""

    device: str
    seq: int


class Station(enum.IntEnum):
    """Where a work is. Each station includes the ones before it."""

    SAVED = 1
    """On this laptop's disk; nothing was tried yet."""
    SENT = 2
    """It was in a request, but no receipt came back. It will be sent again by itself."""
    SCHOOL = 3
    """The school's signed receipt covers it."""
    MARKED = 4
    """A teacher's mark for it has come."""


@dataclass(frozen=True)
class Mark:
    """A teacher's mark: ``points`` out of ``of``, with a comment that may be empty.

    ``descriptors`` are the points by descriptor (``content.assessment``), if marked so.
    """

    points: float
    of: float
    comment: str
    teacher_name: str
    time_ms: int
    descriptors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """One handed-in task.

    ``points`` is what the laptop could score at once (None when nothing could be),
    ``waiting`` the points only a teacher can give, ``of`` all points of the task.
    ``handed_in_ms`` is the laptop's word, ``received_ms`` the server's: milliseconds since 1970.
    ``replaced`` is true when the same person handed the same task in again later.
    """

    id: WorkId
    person: str
    pack: str
    version: int
    lesson: str
    task: str
    title: Text
    handed_in_ms: int
    station: Station
    received_ms: Optional[int]
    points: Optional[float]
    of: float
    waiting: float
    mark: Optional[Mark] = None
    replaced: bool = False
    attempt: int = 1


def descriptor_points(body: Mapping[str, Any]) -> Dict[str, float]:
    """Read a mark's points by descriptor; what is no number of points is left out."""
    given = body.get("descriptors")
    if not isinstance(given, Mapping):
        return {}
    return {
        str(key): float(points)
        for key, points in given.items()
        if isinstance(points, (int, float)) and not isinstance(points, bool) and points >= 0
    }


def attempt_of(body: Mapping[str, Any]) -> int:
    """Read a submission's attempt, from 1; records from before there were attempts have none."""
    attempt = body.get("attempt", 1)
    return attempt if isinstance(attempt, int) and 1 <= attempt <= MAX_ATTEMPT else 1


def attempt_fields(attempt: int, variant: str) -> Dict[str, Any]:
    """Give what a submission says of its attempt: no bytes for the first at a plain task."""
    fields: Dict[str, Any] = {}
    if attempt > 1:
        fields["attempt"] = attempt
    if variant:
        fields["variant"] = variant
    return fields
