"""From records to works, marks and progress: folds in hybrid-clock order, the latest wins.

Pure functions over records; what a record replaced stays in the list, marked as replaced.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Callable, Dict, Iterable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from client.laptop.lessons import Progress, Text
from client.laptop.works import Mark, Station, Work, WorkId
from sync.clock import milliseconds
from sync.journal import RecordState
from sync.journal import Station as RecordStation
from sync.record import Record

TaskKey = Tuple[str, str, str]

_STATIONS = {
    RecordStation.SAVED: Station.SAVED,
    RecordStation.SENT: Station.SENT,
    RecordStation.RECEIVED: Station.SCHOOL,
}
_UNREADABLE = (KeyError, TypeError, ValueError)
"""What reading a body raises that the disk has damaged since it was checked: it is left out."""
ARRIVED = RecordState(RecordStation.RECEIVED, None, None)
"""The state of a record that came from elsewhere: it came through the school."""


class Submission(NamedTuple):
    """A submission's record and how far it is on its road."""

    record: Record
    state: RecordState


def in_order(records: Iterable[Record]) -> List[Record]:
    """Sort records as all devices agree to: by hybrid time, then by name."""
    return sorted(records, key=lambda one: (one.time, one.device, one.seq))


def fold_marks(
    records: Iterable[Record], teacher_name: Callable[[str], str]
) -> Mapping[WorkId, Mark]:
    """Give each marked work its latest mark."""
    marks: Dict[WorkId, Mark] = {}
    for record in in_order(records):
        body = record.body
        with contextlib.suppress(*_UNREADABLE):
            if body["points"] is None:
                continue
            marks[WorkId(body["device"], body["seq"])] = Mark(
                points=float(body["points"]),
                of=float(body["of"]),
                comment=body["comment"],
                teacher_name=teacher_name(record.person),
                time_ms=milliseconds(record.time),
            )
    return marks


def fold_works(
    submissions: Iterable[Submission],
    marks: Mapping[WorkId, Mark],
    titles: Mapping[TaskKey, Text],
) -> Tuple[Work, ...]:
    """List works, newest first; all but the latest of a person's works of one task are replaced."""
    works: List[Work] = []
    latest = set()
    ordered = sorted(
        submissions, key=lambda one: (one.record.time, one.record.device, one.record.seq)
    )
    for submission in reversed(ordered):
        try:
            work = _work(submission, marks, titles)
        except _UNREADABLE:
            continue
        group = (work.person, work.pack, work.lesson, work.task)
        works.append(dataclasses.replace(work, replaced=group in latest))
        latest.add(group)
    return tuple(works)


def _work(
    submission: Submission, marks: Mapping[WorkId, Mark], titles: Mapping[TaskKey, Text]
) -> Work:
    record, state = submission
    body = record.body
    work_id = WorkId(record.device, record.seq)
    mark = marks.get(work_id)
    return Work(
        id=work_id,
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
    )


def fold_progress(records: Iterable[Record]) -> Dict[Tuple[str, str], Progress]:
    """Give each (pack, lesson) its latest position; what was once seen stays seen."""
    progress: Dict[Tuple[str, str], Progress] = {}
    for record in in_order(records):
        body = record.body
        with contextlib.suppress(*_UNREADABLE):
            news = Progress(body["position_s"], body["seen"], milliseconds(record.time))
            merge_progress(progress, (body["pack"], body["lesson"]), news)
    return progress


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
