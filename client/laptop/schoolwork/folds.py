"""From records to works, marks and progress, by the one fold that everything agrees on.

What counts, in which order, and what is the same fact says `sync.journals`; here it becomes what a
screen shows. Pure functions; what a record replaced stays in the list, marked as replaced.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from client.laptop.packs.lessons import Progress, Text
from client.laptop.people.people import Person
from client.laptop.schoolwork.works import (
    Mark,
    Station,
    Work,
    WorkId,
    attempt_of,
    descriptor_points,
)
from sync.clock import milliseconds
from sync.errors import RecordError
from sync.journals.folds import Fold
from sync.journals.station import RecordState
from sync.journals.station import Station as RecordStation
from sync.record import Record

TaskKey = Tuple[str, str, str]
MarkKey = Tuple[str, WorkId]
"""Whose work, and one of its names: branches of a journal may have two works under one name."""

_STATIONS = {
    RecordStation.SAVED: Station.SAVED,
    RecordStation.SENT: Station.SENT,
    RecordStation.RECEIVED: Station.SCHOOL,
}
_UNREADABLE = (KeyError, TypeError, ValueError, RecordError)
"""What reading a body raises that the disk has damaged since it was checked: it is left out."""
ARRIVED = RecordState(RecordStation.RECEIVED, None, None)
"""The state of a record that came from elsewhere: it came through the school."""


class Submission(NamedTuple):
    """A submission's record and how far it is on its road."""

    record: Record
    state: RecordState


def fold_marks(
    records: Iterable[Record], teacher_name: Callable[[str], str]
) -> Mapping[MarkKey, Mark]:
    """Give each marked work its latest mark."""
    fold = Fold()
    for record in records:
        with contextlib.suppress(*_UNREADABLE):
            if record.body["points"] is not None and _mark_key(record) and _mark(record, ""):
                fold.add(record)
    latest = [history[-1] for history in fold.state().values()]
    names = {person: teacher_name(person) for person in {record.person for record in latest}}
    return {_mark_key(record): _mark(record, names[record.person]) for record in latest}


def _mark_key(record: Record) -> MarkKey:
    body = record.body
    return body["student"], WorkId(body["device"], body["seq"])


def _mark(record: Record, teacher_name: str) -> Mark:
    body = record.body
    return Mark(
        points=float(body["points"]),
        of=float(body["of"]),
        comment=body["comment"],
        teacher_name=teacher_name,
        time_ms=milliseconds(record.time),
        descriptors=descriptor_points(body),
    )


def fold_works(
    submissions: Iterable[Submission],
    marks: Mapping[MarkKey, Mark],
    titles: Mapping[TaskKey, Text],
) -> Tuple[Work, ...]:
    """List works, newest first; all but the latest of a person's works of one task are replaced."""
    fold = Fold()
    states: Dict[WorkId, RecordState] = {}
    for record, state in submissions:
        with contextlib.suppress(*_UNREADABLE):
            _work(record, state, None, titles)
            fold.add(record)
            name = WorkId(record.device, record.seq)
            # The same record may have come back from the school: our own knows its station.
            states[name] = state if states.get(name, ARRIVED) == ARRIVED else states[name]
    works: List[Tuple[Tuple[int, str, int], Work]] = []
    for history in fold.state().values():
        for record in history:
            names = [WorkId(*name) for name in fold.names(record)]
            state = next((s for s in map(states.get, names) if s and s != ARRIVED), ARRIVED)
            work = _work(record, state, _latest_mark(record.person, names, marks), titles)
            place = record.time, record.device, record.seq
            works.append((place, dataclasses.replace(work, replaced=record is not history[-1])))
    return tuple(work for _, work in sorted(works, key=lambda one: one[0], reverse=True))


def _latest_mark(
    person: str, names: Iterable[WorkId], marks: Mapping[MarkKey, Mark]
) -> Optional[Mark]:
    """Return a work's mark, whichever of its names the teacher's laptop knew it by."""
    found = [marks[person, name] for name in names if (person, name) in marks]
    return max(found, key=lambda mark: mark.time_ms, default=None)


def _work(
    record: Record, state: RecordState, mark: Optional[Mark], titles: Mapping[TaskKey, Text]
) -> Work:
    body = record.body
    return Work(
        id=WorkId(record.device, record.seq),
        person=record.person,
        pack=body["pack"],
        version=int(body["version"]),
        lesson=body["lesson"],
        task=body["task"],
        title=titles.get((body["pack"], body["lesson"], body["task"]), {"": body["task"]}),
        handed_in_ms=milliseconds(record.time),
        station=Station.MARKED if mark else _STATIONS[state.station],
        received_ms=state.received_ms,
        points=body["points"],
        of=body["of"],
        waiting=body["waiting"],
        mark=mark,
        attempt=attempt_of(body),
    )


def fold_people(rosters: Iterable[Record]) -> Dict[str, Person]:
    """Give each person of a roster the latest of what is known about them, by id."""
    fold = Fold()
    for record in rosters:
        with contextlib.suppress(*_UNREADABLE):
            _person(record)
            fold.add(record)
    people = [_person(history[-1]) for history in fold.state().values()]
    return {person.id: person for person in people}


def _person(record: Record) -> Person:
    body = record.body
    return Person(body["person"], body["name"], body["role"], body["class"], body["picture"])


def fold_progress(records: Iterable[Record]) -> Dict[Tuple[str, str], Progress]:
    """Give each (pack, lesson) its latest position; what was once seen stays seen.

    All records are one person's.
    """
    fold = Fold()
    for record in records:
        with contextlib.suppress(*_UNREADABLE):
            _progress(record)
            fold.add(record)
    progress: Dict[Tuple[str, str], Progress] = {}
    for history in fold.state().values():
        latest = _progress(history[-1])
        seen = any(record.body["seen"] for record in history)
        key = history[-1].body["pack"], history[-1].body["lesson"]
        progress[key] = dataclasses.replace(latest, seen=seen)
    return progress


def _progress(record: Record) -> Progress:
    return Progress(record.body["position_s"], record.body["seen"], milliseconds(record.time))


def merge_progress(
    progress: Dict[Tuple[str, str], Progress], key: Tuple[str, str], news: Progress
) -> None:
    """Put news over what is known when they are newer."""
    known = progress.get(key)
    if known is None:
        progress[key] = news
        return
    newer = news if news.time_ms >= known.time_ms else known
    progress[key] = dataclasses.replace(newer, seen=news.seen or known.seen)


def worth_a_record(journalled: Optional[Progress], news: Progress, step_s: float = 60.0) -> bool:
    """Tell whether progress should travel: a position every few seconds is not worth its bytes."""
    if journalled is None:
        return True
    if news.seen and not journalled.seen:
        return True
    return abs(news.position_s - journalled.position_s) >= step_s


def latest_by_task(works: Sequence[Work]) -> Dict[TaskKey, Work]:
    """Keep the works that count, by (pack, lesson, task)."""
    return {(one.pack, one.lesson, one.task): one for one in works if not one.replaced}
