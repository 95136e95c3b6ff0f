"""What a teacher sees of a class: who handed in what, and what still wants a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Mapping, Optional, Tuple

from client.laptop.attaching.attachments import AttachedFile
from client.laptop.packs.lessons import Text
from client.laptop.people.people import Person
from client.laptop.schoolwork.works import Answers, Work
from client.messages import Message

if TYPE_CHECKING:
    from content.scoring import TaskScore
    from content.task import Task

TaskKey = Tuple[str, str, str]
"""Pack, lesson, task."""


@dataclass(frozen=True)
class TaskColumn:
    """One task that somebody of the class has handed in."""

    pack: str
    lesson: str
    task: str
    title: Text

    @property
    def key(self) -> TaskKey:
        """What ``StudentRow.works`` is keyed by."""
        return (self.pack, self.lesson, self.task)


@dataclass(frozen=True)
class StudentRow:
    """One student: the latest work of each task, and when the last of them was handed in."""

    student: Person
    works: Mapping[TaskKey, Work]
    last_work_ms: Optional[int]


@dataclass(frozen=True)
class ClassWork:
    """A class as a table: ``rows`` of students against ``tasks``.

    ``unmarked`` lists the latest works that have no mark yet, the longest waiting first;
    ``laptops`` says what happened to laptops of the class.
    """

    class_name: str
    tasks: Tuple[TaskColumn, ...]
    rows: Tuple[StudentRow, ...]
    unmarked: Tuple[Work, ...]
    laptops: Tuple[Message, ...] = ()


@dataclass(frozen=True)
class WorkDetail:
    """One work to be marked.

    ``task`` and ``score`` are None when this laptop does not have the pack; the answers are
    there all the same. ``files`` are those attached to the work; an answer names its own.
    ``earlier`` are works of the same task that this one replaced or that
    replaced it, newest first. ``changed`` is true when the pack's newer version gives this pupil
    other numbers than those that were answered: then ``task`` is not quite what was asked, and
    nothing is scored anew. ``sealed`` is true when the questions are sealed on this laptop.
    """

    work: Work
    student: Person
    language: str
    answers: Answers
    task: Optional[Task]
    score: Optional[TaskScore]
    earlier: Tuple[Work, ...]
    files: Tuple[AttachedFile, ...] = ()
    changed: bool = False
    sealed: bool = False
