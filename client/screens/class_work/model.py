"""A teacher's class as a table: students against tasks, and who has not been heard of."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Optional, Tuple

from client.laptop.schoolwork.class_work import ClassWork, StudentRow, TaskColumn
from client.laptop.schoolwork.works import Work, WorkId
from client.messages import Message
from client.messages.moment import Moment
from client.screens.model import ScreenModel, Session

SILENT_AFTER_DAYS = 5
"""Days without any work after which a student is named as not heard of."""
_DAY_MS = 86_400_000
_LOW_SHARE = 0.5
_NAMED = 3
"""Up to so many silent students are called by name above the table."""


class Kind(enum.Enum):
    """What a cell of the table says."""

    NOTHING = "nothing"
    WAITS = "waits"
    MARKED = "marked"
    LOW = "low"


@dataclass(frozen=True)
class Cell:
    """One student's latest work of one task; `points` of the mark, when there is one."""

    kind: Kind
    points: float = 0.0
    work: Optional[WorkId] = None


@dataclass(frozen=True)
class Line:
    """One student: name, a cell for each task, and when something came last."""

    name: str
    cells: Tuple[Cell, ...]
    last: Message
    silent: bool


class Model(ScreenModel):
    """The table and its counts, read from the laptop; no network needed."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.class_name = ""
        self.tasks: Tuple[TaskColumn, ...] = ()
        self.lines: Tuple[Line, ...] = ()
        self.unmarked = 0
        self.laptops: Tuple[Message, ...] = ()
        self.last_contact: Optional[Message] = None
        self._back = 0
        self._read()

    @property
    def silent(self) -> int:
        """How many students have not been heard of for long."""
        return sum(line.silent for line in self.lines)

    @property
    def silent_names(self) -> Tuple[str, ...]:
        """Who they are, while they are few; of a whole class the table tells."""
        names = tuple(line.name for line in self.lines if line.silent)
        return names if len(names) <= _NAMED else ()

    def window(self, count: int) -> range:
        """Which columns to show where there is room for `count`: the latest, or earlier ones."""
        total = len(self.tasks)
        stop = max(min(count, total), total - self._back)
        return range(max(0, stop - count), stop)

    def turn(self, step: int) -> None:
        """Show columns that are `step` places later (earlier when negative)."""
        self._back = max(0, min(len(self.tasks) - 1, self._back - step))
        self.changed()

    def reload(self) -> None:
        """A sync ended: work may have come."""
        before = self._shown()
        self._read()
        if self._shown() != before:
            self.changed()

    def _shown(self) -> Tuple[object, ...]:
        return self.tasks, self.lines, self.unmarked, self.laptops, self.last_contact

    def _read(self) -> None:
        person = self.session.person
        if person is None:
            return
        table: ClassWork = self.session.laptop.class_work(person.id)
        now_ms = self.session.laptop.now_ms()
        self.class_name, self.tasks = table.class_name, table.tasks
        self.lines = tuple(line(row, table.tasks, now_ms) for row in table.rows)
        self.unmarked = len(table.unmarked)
        self.laptops = table.laptops
        at = self.session.laptop.status().last_received_ms
        self.last_contact = Message("class.contact", {"time": Moment(at)}) if at else None


def line(row: StudentRow, tasks: Tuple[TaskColumn, ...], now_ms: int) -> Line:
    """One student's line of the table."""
    cells = tuple(cell(row.works.get(task.key)) for task in tasks)
    last_ms = row.last_work_ms
    if last_ms is None:
        # Where nobody could hand anything in yet, nobody is behind.
        return Line(row.student.name, cells, Message("class.never"), silent=bool(tasks))
    days = (now_ms - last_ms) // _DAY_MS
    if days >= SILENT_AFTER_DAYS:
        return Line(row.student.name, cells, Message("class.days-ago", {"n": days}), silent=True)
    return Line(row.student.name, cells, Message("class.last", {"time": Moment(last_ms)}), False)


def cell(work: Optional[Work]) -> Cell:
    """What the table says of one work."""
    if work is None:
        return Cell(Kind.NOTHING)
    if work.mark is None:
        return Cell(Kind.WAITS, work=work.id)
    low = work.mark.of > 0 and work.mark.points < _LOW_SHARE * work.mark.of
    return Cell(Kind.LOW if low else Kind.MARKED, work.mark.points, work.id)
