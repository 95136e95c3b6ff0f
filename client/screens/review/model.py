"""Works that wait for a mark: read one, give points and a kind word, go on to the next."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Dict, Mapping, Optional, Tuple

from client.executor import Outcome
from client.laptop.schoolwork.class_work import WorkDetail
from client.laptop.schoolwork.works import Work, WorkId
from client.messages import Message
from client.screens.model import ScreenModel, Session
from client.screens.review.unsaved import Typed, UnsavedMark
from client.screens.task.unlocking import Unlocking

LONGEST_COMMENT = 2000
PHRASES = (
    "review.phrase.well",
    "review.phrase.clear",
    "review.phrase.signs",
    "review.phrase.last-step",
    "review.phrase.again",
)
"""Comments one press away; what they add can be edited before it is saved."""


class Model(ScreenModel):
    """The list of unmarked works and the one that is open.

    Args:
        session: what there is to work with.
        work: the work to open first, marked or not; without it the longest waiting one.

    ``reading`` tells whether a narrow window shows the open work instead of the list.
    """

    def __init__(self, session: Session, work: Optional[WorkId] = None) -> None:
        super().__init__(session)
        self.works, self.names = self._read()
        self.detail: Optional[WorkDetail] = None
        self.chosen: Optional[WorkId] = None
        self.problem: Optional[Message] = None
        self.points = 0.0
        self.comment = ""
        self.saving = False
        self.pictures: Dict[str, bytes] = {}
        self.descriptors: Dict[str, float] = {}
        self.unlocking = Unlocking(self)
        self._shown = Typed(0.0, "", {})
        self._asked, self.reading = work, work is not None
        if work is not None:
            self.open(work)
        elif self.works:
            self.open(self.works[0].id)

    @property
    def of(self) -> float:
        """The most points that can be given."""
        return self.detail.work.of if self.detail is not None else 0.0

    @property
    def is_asked(self) -> bool:
        """Whether the open work is the one that somebody came here for, and leaves with."""
        return self.chosen is not None and self.chosen == self._asked

    @property
    def folder(self) -> Optional[Path]:
        """The folder of the work's lesson, to which pictures are relative."""
        if self.detail is None or self.detail.task is None:
            return None
        work = self.detail.work
        return Path(self.session.laptop.pack(work.pack).folder) / "lessons" / work.lesson

    @property
    def step_points(self) -> float:
        """By how much a press on plus or minus changes the points."""
        return 0.5 if self.of <= 10 else 1.0

    def where(self) -> Tuple[str, str, str, str]:
        """Who opens a sealed key, and of which task."""
        person = self.session.person
        work = self.detail.work if self.detail is not None else None
        place = (work.pack, work.lesson, work.task) if work is not None else ("", "", "")
        return (person.id if person is not None else "", *place)

    def open(self, work: Optional[WorkId] = None) -> None:
        """Open a work, or the open one again; what was typed for another is kept for later."""
        work = work or self.chosen
        if work is None:
            return
        self._keep()
        self.chosen, self.detail, self.problem = work, None, None
        self.pictures, self.descriptors = {}, {}
        unsaved = UnsavedMark(self.session, work)
        self.session.executor.submit("review.open", unsaved.look, self._opened)
        self.changed()

    def close_work(self) -> None:
        """Return to the list."""
        self._keep()
        self.chosen = self.detail = None
        self.session.executor.drop("review.open")
        self.changed()

    def step(self, direction: int) -> None:
        """Give more or fewer points, within 0 and the most there are."""
        wanted = self.points + direction * self.step_points
        self.points = min(self.of, max(0.0, wanted))
        self.changed()

    def press_descriptor(self, key: str) -> None:
        """Give a descriptor's points, or take them back; the mark is their sum."""
        task = self.detail.task if self.detail is not None else None
        if task is None:
            return
        worth = {
            criterion.key(descriptor): descriptor.points
            for criterion in task.criteria
            for descriptor in criterion.descriptors
        }
        given = self.descriptors or dict.fromkeys(worth, 0.0)
        given[key] = 0.0 if given.get(key) else worth.get(key, 0.0)
        self.descriptors = given
        self.points = min(self.of, sum(given.values()))
        self.changed()

    def write(self, comment: str) -> None:
        """Take what is typed; the view shows it already."""
        self.comment = comment[:LONGEST_COMMENT]

    def add_phrase(self, phrase: str) -> None:
        """Put a ready phrase behind what is written, or take it away if it is there."""
        if phrase in self.comment:
            words = self.comment.replace(phrase, "").split()
        else:
            words = (self.comment + " " + phrase).split()
        self.comment = " ".join(words)[:LONGEST_COMMENT]
        self.changed()

    def save(self) -> None:
        """Write the mark, once, and go on to the next work."""
        person = self.session.person
        if person is None or self.detail is None or self.saving:
            return
        self.saving = True
        work = self.detail.work.id
        points, comment, given = self.points, self.comment.strip(), dict(self.descriptors)
        self.session.executor.submit(
            "review.save",
            lambda: self._give(person.id, work, points, comment, given),
            self._saved,
        )
        self.changed()

    def _give(
        self, teacher: str, work: WorkId, points: float, comment: str, given: Mapping[str, float]
    ) -> None:
        self.session.laptop.give_mark(teacher, work, points, comment, given)
        UnsavedMark(self.session, work).forget(teacher)

    def close(self) -> None:
        """Keep what is typed of a mark that is not given yet."""
        self._keep()

    def _keep(self) -> None:
        person, typed = self.session.person, self._typed()
        if person is None or self.detail is None or self.saving or typed == self._shown:
            return
        self._shown = typed
        unsaved = UnsavedMark(self.session, self.detail.work.id)
        self.session.executor.submit("review.keep", lambda: unsaved.keep(person.id, typed))

    def _typed(self) -> Typed:
        return Typed(self.points, self.comment, dict(self.descriptors))

    def reload(self) -> None:
        """A sync ended: more work may have come; the open one stays open."""
        before = self.works
        self.works, self.names = self._read()
        if self.works != before:
            self.changed()

    def _read(self) -> Tuple[Tuple[Work, ...], Mapping[str, str]]:
        """The unmarked works and the names of those who did them."""
        person = self.session.person
        if person is None:
            return (), {}
        table = self.session.laptop.class_work(person.id)
        return table.unmarked, {row.student.id: row.student.name for row in table.rows}

    def _opened(self, outcome: Outcome[Tuple[WorkDetail, Optional[Typed]]]) -> None:
        if outcome.value is None:
            said = getattr(outcome.error, "message", None)
            self.problem = said if isinstance(said, Message) else Message("review.problem")
        else:
            self.detail, typed = outcome.value
            mark = self.detail.work.mark
            self.points = mark.points if mark is not None else self._scored(self.detail)
            self.descriptors = dict(mark.descriptors) if mark is not None else {}
            self.comment = mark.comment if mark is not None else ""
            self._shown = self._typed()
            if typed is not None:
                self.points, self.comment, self.descriptors = typed
            self._open_pictures(self.detail)
        self.changed()

    def _scored(self, detail: WorkDetail) -> float:
        """What the pupil's laptop scored, or this one where the pupil's could not."""
        if detail.work.points is not None or detail.score is None:
            return detail.work.points or 0.0
        return detail.score.points

    def _open_pictures(self, detail: WorkDetail) -> None:
        laptop, work = self.session.laptop, detail.work.id
        for file in detail.files:
            if file.is_picture and file.here:
                self.session.executor.submit(
                    f"review.picture {file.name}",
                    partial(laptop.work_file_bytes, work, file.name),
                    partial(self._picture, work, file.name),
                )

    def _picture(self, work: WorkId, name: str, outcome: Outcome[bytes]) -> None:
        if outcome.value is not None and work == self.chosen:
            self.pictures[name] = outcome.value
        elif outcome.error is not None:
            self._say(outcome.error)
        self.changed()

    def open_file(self, name: str) -> None:
        """Open an attached file with the programme that this machine has for it."""
        from client.opening_files import open_with_system

        if self.chosen is None:
            return
        laptop, work = self.session.laptop, self.chosen

        def opened() -> Path:
            path = laptop.export_work_file(work, name)
            open_with_system(path)
            return path

        self.session.executor.submit("review.file", opened, self._file_opened)

    def _file_opened(self, outcome: Outcome[Path]) -> None:
        self.problem = None
        if outcome.error is not None:
            self._say(outcome.error)
        self.changed()

    def _say(self, error: Exception) -> None:
        said = getattr(error, "message", None)
        self.problem = said if isinstance(said, Message) else Message("review.file.failed")

    def _saved(self, outcome: Outcome[None]) -> None:
        self.saving = False
        if outcome.error is not None:
            said = getattr(outcome.error, "message", None)
            self.problem = said if isinstance(said, Message) else Message("review.not-saved")
            self.changed()
            return
        self.session.courier.work_waits()
        self.detail = None
        self.works, self.names = self._read()
        if self.works:
            self.open(self.works[0].id)
        else:
            self.close_work()
