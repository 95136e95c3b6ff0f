"""A teacher's side: the class as a table, one work in full, and the mark."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from client.laptop.attaching.attachments import Attachments
from client.laptop.attaching.offers import note_marked
from client.laptop.errors import Fault, LaptopError
from client.laptop.machine.fleet import fleet_news
from client.laptop.packs import lesson_index
from client.laptop.packs.lessons import Text
from client.laptop.packs.library import Library
from client.laptop.people.leavers import leavers
from client.laptop.people.people import STUDENT, Person, by_alphabet
from client.laptop.problems import SEALED_CODES, failure
from client.laptop.schoolwork import folds
from client.laptop.schoolwork.class_work import (
    ClassWork,
    StudentRow,
    TaskColumn,
    TaskKey,
    WorkDetail,
)
from client.laptop.schoolwork.desk import Desk
from client.laptop.schoolwork.works import Work, WorkId, attempt_of
from client.laptop.store import Store
from sync.kinds import MARK, ROSTER

if TYPE_CHECKING:
    from content.scoring import TaskScore
    from content.task import Task

MAX_COMMENT_CHARACTERS = 2000


class Marking:
    """What the teachers of this laptop see and write."""

    def __init__(self, store: Store, library: Library, desk: Desk) -> None:
        self._store = store
        self._library = library
        self._desk = desk

    def class_work(self, teacher: str) -> ClassWork:
        """Lay out the works of a teacher's class."""
        class_name = self._teacher(teacher).class_name
        left = {one.person for one in leavers(self._store)}
        students = {
            name: one for name, one in self._students(class_name).items() if name not in left
        }
        titles = lesson_index.task_titles(self._store.database.connection)
        works = folds.fold_works(self._desk.submissions(), self._desk.marks(), titles)
        rows = tuple(_row(student, works) for student in students.values())
        counting = [work for row in rows for work in row.works.values()]
        unmarked = [work for work in counting if work.mark is None]
        return ClassWork(
            class_name=class_name,
            tasks=_columns(counting, titles),
            rows=rows,
            unmarked=tuple(sorted(unmarked, key=lambda one: one.handed_in_ms)),
            laptops=fleet_news(self._store),
        )

    def work_detail(self, work_id: WorkId) -> WorkDetail:
        """Open one work of a student of this laptop, or of a class taught on it."""
        submission = self._submission(work_id)
        record = submission.record
        student = self._student(record.person)
        titles = lesson_index.task_titles(self._store.database.connection)
        works = folds.fold_works(self._desk.submissions(record.person), self._desk.marks(), titles)
        work = next(one for one in works if one.id == work_id)
        key = (work.pack, work.lesson, work.task)
        task = self._task(key, work.person, work.attempt)
        variant = record.body.get("variant")
        changed = task is not None and isinstance(variant, str) and variant != task.variant
        return WorkDetail(
            work=work,
            student=student,
            language=record.body["language"],
            answers=record.body["answers"],
            task=task,
            score=None if changed else _score(task, record.body["answers"]),
            earlier=tuple(
                one
                for one in works
                if one.id != work_id and (one.pack, one.lesson, one.task) == key
            ),
            files=Attachments(self._store).of_record(record.body),
            changed=changed,
            sealed=task is None and self._is_sealed(key),
        )

    def body(self, work_id: WorkId) -> Mapping[str, Any]:
        """Give what the record of a work says."""
        return self._submission(work_id).record.body

    def give_mark(
        self,
        teacher: str,
        work_id: WorkId,
        points: float,
        comment: str,
        descriptors: Optional[Mapping[str, float]] = None,
    ) -> None:
        """Journal a mark. The latest counts; an earlier one stays in the journal."""
        self._store.present(teacher)
        record = self._submission(work_id).record
        class_name = self._teacher(teacher).class_name
        if record.person not in self._students(class_name):
            raise failure("not-a-teacher", Fault.YOUR_DATA, record.person)
        of = self._points_of(record.body, record.person)
        if not math.isfinite(points) or not 0 <= points <= of:
            raise failure("points-out-of-bounds", Fault.YOUR_DATA, str(points), of=of)
        text = comment.strip()
        if len(text) > MAX_COMMENT_CHARACTERS:
            most = MAX_COMMENT_CHARACTERS
            raise failure("comment-too-long", Fault.YOUR_DATA, length=len(text), most=most)
        body = {
            "student": record.person,
            "device": work_id.device,
            "seq": work_id.seq,
            "points": round(float(points), 2),
            "of": of,
            "comment": text,
            **({"descriptors": dict(descriptors)} if descriptors else {}),
        }
        with self._store.database.transaction():
            note_marked(self._store, [self._store.journal().append(teacher, MARK, body)])

    def _points_of(self, body: Mapping[str, Any], person: str) -> float:
        # A laptop without the pack hands in unscored work: then the teacher's pack says how much.
        if float(str(body["of"])) > 0:
            return float(str(body["of"]))
        key = (str(body["pack"]), str(body["lesson"]), str(body["task"]))
        task = self._task(key, person, attempt_of(body))
        return float(task.points) if task else 100.0

    def _teacher(self, person_id: str) -> Person:
        person = self._store.person(person_id)
        if not person.is_teacher:
            raise failure("not-a-teacher", Fault.YOUR_DATA, person_id)
        return person

    def _students(self, class_name: str) -> Dict[str, Person]:
        """The class's students by id, in the order of their names."""
        found = {one.id: one for one in self._store.people()}
        # The roster tells whole names, and what somebody is called since.
        found.update(folds.fold_people(self._store.inbox().of_kind(ROSTER)))
        students = [
            one for one in found.values() if one.role == STUDENT and one.class_name == class_name
        ]
        return {one.id: one for one in sorted(students, key=by_alphabet)}

    def _student(self, person_id: str) -> Person:
        for person in self._store.people():
            if person.id == person_id:
                return person
            if person.is_teacher and person_id in self._students(person.class_name):
                return self._students(person.class_name)[person_id]
        raise failure("no-such-work", Fault.YOUR_DATA, person_id)

    def _submission(self, work_id: WorkId) -> folds.Submission:
        for submission in self._desk.submissions():
            if (submission.record.device, submission.record.seq) == tuple(work_id):
                return submission
        raise failure("no-such-work", Fault.YOUR_DATA, f"{work_id.device}/{work_id.seq}")

    def _is_sealed(self, key: TaskKey) -> bool:
        try:
            self._library.task(*key)
        except LaptopError as error:
            return error.code in SEALED_CODES
        return False

    def _task(self, key: TaskKey, person: str, attempt: int) -> Optional[Task]:
        try:
            return self._library.task(*key, person, attempt)
        except LaptopError:
            return None


def _score(task: Optional[Task], answers: Mapping[str, object]) -> Optional[TaskScore]:
    from content.scoring import score_task

    return score_task(task, answers) if task else None


def _row(student: Person, works: Tuple[Work, ...]) -> StudentRow:
    own = [work for work in works if work.person == student.id]
    last_work_ms = max((work.handed_in_ms for work in own), default=None)
    return StudentRow(student, folds.latest_by_task(own), last_work_ms)


def _columns(works: List[Work], titles: Mapping[TaskKey, Text]) -> Tuple[TaskColumn, ...]:
    """Tasks in the order of the index of lessons; tasks of packs not here come last."""
    seen = {(work.pack, work.lesson, work.task): work.title for work in works}
    known = [key for key in titles if key in seen]
    strange = sorted(key for key in seen if key not in titles)
    return tuple(TaskColumn(*key, seen[key]) for key in known + strange)
