"""What became of a school's laptops: copied from one disk, set back, moved into another case.

A laptop reports itself (kind ``device-report``) when it finds itself on another machine than
before, or when its journal branched off. One that was set back branches alone and on the machine
that it always had; of copies, several machines go on with what was one journal. Who reads the
reports is told either, in one sentence for all laptops that descend from one another.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Mapping, NamedTuple, Set, Tuple

from sync.clock import milliseconds
from sync.journals.branch import original
from sync.kinds import DEVICE_REPORT
from sync.record import Record

MACHINE, BEFORE, BRANCH, LAPTOP = "machine", "was", "branch", "laptop"
"""Fields of a report: marks of the machine now and before, the device whose journal it continues,
and the laptop's name."""
GONE = "gone"
"""Field of a report that says, where it is true, that its person uses the laptop no more."""
TOLD_MS = 14 * 24 * 3_600_000
"""What happened longer ago is told no more."""


class Change(str, enum.Enum):
    """What happened. ``BRANCHED``: copied or set back, and no mark of a machine tells which."""

    COPIED = "copied"
    SET_BACK = "set-back"
    MOVED = "moved"
    BRANCHED = "branched"


@dataclass(frozen=True)
class Told:
    """One sentence: what happened to ``laptop`` and those that descend from it, and when last.

    ``count`` is how many machines there are of what was copied, else how often it happened.
    """

    change: Change
    laptop: str
    count: int
    time_ms: int
    devices: FrozenSet[str]


class Branched(NamedTuple):
    """What a server knows where no report came: a device continues another one's journal."""

    device: str
    parent: str
    laptop: str
    time_ms: int


@dataclass(frozen=True)
class _Report:
    device: str
    machine: str
    was: str
    branch: str
    laptop: str
    time_ms: int

    @property
    def marks(self) -> Set[str]:
        return {mark for mark in (self.machine, self.was) if mark}


def is_change(body: Mapping[str, Any]) -> bool:
    """Tell whether a report says that something happened, or only how a laptop is."""
    return any(_text(body, name) for name in (BEFORE, BRANCH))


def tell(
    reports: Iterable[Record], since_ms: int, branches: Iterable[Branched] = ()
) -> Tuple[Told, ...]:
    """Tell what happened since a time, the latest first.

    Args:
        reports: Of all laptops, in any order and as often as one likes.
        since_ms: What was reported before it only tells which laptops belong together.
        branches: What is known beside the reports.
    """
    known = {_read(one) for one in reports if one.kind == DEVICE_REPORT}
    known.update(_of_branch(one) for one in branches)
    read = sorted(known, key=_place)
    told = [
        _told(news)
        for group in _related(read)
        for news in [[one for one in group if one.time_ms >= since_ms]]
        if any(one.branch or one.was for one in news)
    ]
    return tuple(sorted(told, key=lambda one: (-one.time_ms, one.laptop)))


def laptops(
    devices: Iterable[str], reports: Iterable[Record], branches: Iterable[Branched] = ()
) -> Dict[str, str]:
    """Say which laptop each device is: those of one laptop have one name.

    A laptop that is set back every night is another device every day. It is one laptop all the
    same, as far as its reports name the machine; a device that another continues, and of which no
    machine is known, is none any more and is left out.
    """
    known = {_read(one) for one in reports if one.kind == DEVICE_REPORT}
    known.update(_of_branch(one) for one in branches)
    find = _roots(known)
    marks: Dict[str, str] = {}
    for one in sorted(known, key=_place):
        if one.branch and one.marks:
            marks.setdefault(one.branch, one.was or one.machine)
        if one.machine:
            marks[one.device] = one.machine
    continued = {one.branch for one in known if one.branch}
    return {
        device: f"{find(device)} {marks[device]}" if device in marks else device
        for device in devices
        if device in marks or device not in continued
    }


def _told(news: List[_Report]) -> Told:
    branches = {(one.device, one.branch) for one in news if one.branch}
    marks = {mark for one in news for mark in one.marks}
    last = news[-1]
    if not branches:
        change, count = Change.MOVED, 1
    elif len(marks) > 1:
        change, count = Change.COPIED, len(marks)
    else:
        change, count = (Change.SET_BACK if marks else Change.BRANCHED), len(branches)
    devices = frozenset(name for one in news for name in (one.device, one.branch) if name)
    return Told(change, last.laptop, count, last.time_ms, devices)


def _related(reports: List[_Report]) -> List[List[_Report]]:
    """Group reports of laptops whose journals continue one another."""
    find = _roots(reports)
    groups: Dict[str, List[_Report]] = {}
    for one in reports:
        groups.setdefault(find(one.device), []).append(one)
    return list(groups.values())


def _roots(reports: Iterable[_Report]) -> Callable[[str], str]:
    """Give what finds the one device that stands for all those whose journals are related."""
    parent: Dict[str, str] = {}

    def root(device: str) -> str:
        while parent.setdefault(device, device) != device:
            parent[device] = device = parent[parent[device]]
        return device

    for one in sorted(reports, key=_place):
        if one.branch:
            parent[root(one.device)] = root(one.branch)
    return root


def _of_branch(one: Branched) -> _Report:
    return _Report(one.device, "", "", one.parent, one.laptop, one.time_ms)


def _read(record: Record) -> _Report:
    body, first = record.body, original(record)
    machine, was, branch, laptop = (_text(body, name) for name in (MACHINE, BEFORE, BRANCH, LAPTOP))
    return _Report(first.device, machine, was, branch, laptop, milliseconds(record.time))


def _place(report: _Report) -> Tuple[int, str, Tuple[str, ...]]:
    texts = report.machine, report.was, report.branch, report.laptop
    return report.time_ms, report.device, texts


def _text(body: Any, name: str) -> str:
    value = body.get(name, "")
    return value[:100] if isinstance(value, str) else ""
