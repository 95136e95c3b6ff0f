"""A student's desk: drafts, handing in, works, progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

from client.laptop.attaching.attachments import Attachments
from client.laptop.errors import Fault, LaptopError
from client.laptop.packs import lesson_index
from client.laptop.packs.lessons import Progress
from client.laptop.packs.library import Library
from client.laptop.problems import as_laptop_error, failure
from client.laptop.schoolwork import drafts, folds, positions
from client.laptop.schoolwork.drafts import DraftKey
from client.laptop.schoolwork.works import (
    Answers,
    Mark,
    Work,
    WorkId,
    attempt_fields,
    attempt_of,
)
from client.laptop.store import Store
from sync.errors import RecordError
from sync.kinds import MARK, PROGRESS, ROSTER, SUBMISSION
from sync.record import Record

if TYPE_CHECKING:
    from content.scoring import TaskScore
    from content.task import Task

MAX_ANSWER_CHARACTERS = 20_000


class Desk:
    """Reads and writes the work of the people of this laptop."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self._attachments = Attachments(store)

    def draft(self, key: DraftKey) -> Dict[str, Any]:
        """Look up the answers typed so far; empty when there are none."""
        self._store.present(key.person)
        return self._draft(key) or {}

    def _draft(self, key: DraftKey) -> Optional[Dict[str, Any]]:
        return drafts.load(self._store.database.connection, key, self._store.bodies)

    def begun(self, person: str) -> FrozenSet[Tuple[str, str, str]]:
        """List the tasks a person has a draft of, as (pack, lesson, task)."""
        return drafts.of_person(self._store.database.connection, person)

    def attempt(self, key: DraftKey) -> int:
        """Tell which attempt a draft belongs to, or would: one more than was handed in."""
        self._store.person(key.person)
        begun = drafts.attempt_of(self._store.database.connection, key)
        return self._attempts(key) + 1 if begun is None else begun

    def task(self, key: DraftKey, attempt: int) -> Task:
        """Open a task as its person gets it at an attempt."""
        return self._library.task(key.pack, key.lesson, key.task, key.person, attempt)

    def unlock(self, key: DraftKey, code: str) -> None:
        """Open a sealed part of a task by its code."""
        self._store.person(key.person)
        self._library.unlock(key.pack, key.lesson, key.task, code)

    def save_draft(self, key: DraftKey, answers: Answers, attempt: Optional[int] = None) -> None:
        """Keep answers; they are on the disk when this returns."""
        self._store.present(key.person)
        kept = plain_answers(answers)
        number = self.attempt(key) if attempt is None else attempt
        now_ms = self._store.now_ms()
        with self._store.database.transaction() as connection:
            drafts.save(connection, key, kept, now_ms, number, self._store.bodies)

    def hand_in(
        self, key: DraftKey, answers: Answers, language: str, attempt: Optional[int] = None
    ) -> Work:
        """Write the record and remove the draft in one transaction.

        A double click finds no draft, and a latest work with these very answers: it gets that
        work. Scoring needs the pack and is done before, so that the write lock is held briefly.
        """
        self._store.present(key.person)
        given = plain_answers(answers)
        number = self.attempt(key) if attempt is None else attempt
        body = self._submission(key, given, language, number)
        journal = self._store.journal()
        with self._store.database.transaction() as connection:
            record = None
            if self._draft(key) is None:
                record = self._same_again(key, given)
            if record is None:
                try:
                    record = journal.append(key.person, SUBMISSION, body)
                except RecordError as error:
                    raise _refused(error) from error
                self._attachments.handed_in(connection, given)
                drafts.remove(connection, key)
        work_id = WorkId(record.device, record.seq)
        return next(one for one in self.works(key.person) if one.id == work_id)

    def works(self, person: str) -> Tuple[Work, ...]:
        """List a person's works, newest first, whichever laptop they were handed in on."""
        self._store.person(person)
        return folds.fold_works(
            self.submissions(person),
            self.marks(),
            lesson_index.task_titles(self._store.database.connection),
        )

    def submissions(self, person: Optional[str] = None) -> List[folds.Submission]:
        """List submissions of one person or of all: our own with their stations, and others'.

        A work that is here twice (it came back from the school, or was carried over) is listed
        twice; folding makes it one.
        """
        journal = self._store.journal()
        return [
            folds.Submission(
                record,
                journal.state(record.seq) if record.device == journal.device else folds.ARRIVED,
            )
            for record in self._both(SUBMISSION, person)
        ]

    def marks(self) -> Mapping[folds.MarkKey, Mark]:
        """Fold all marks that were written here or came here."""
        return folds.fold_marks(self._both(MARK), self.name_of)

    def name_of(self, person: str) -> str:
        """Name somebody, from the laptop's people or the roster; empty when unknown."""
        for one in self._store.people():
            if one.id == person:
                return one.name
        known = folds.fold_people(self._store.inbox().of_kind(ROSTER)).get(person)
        return known.name if known else ""

    def save_progress(self, person: str, lesson: Tuple[str, str], news: Progress) -> None:
        """Keep a position on this laptop; journal it when it is worth travelling."""
        self._store.present(person)
        with self._store.database.transaction() as connection:
            known = self.progress(person).get(lesson)
            seen = news.seen or bool(known and known.seen)
            kept = Progress(news.position_s, seen, news.time_ms)
            positions.save(connection, person, lesson, kept, self._store.bodies)
            journal = self._store.journal()
            journalled = folds.fold_progress(journal.of_kind(PROGRESS, person)).get(lesson)
            if folds.worth_a_record(journalled, news):
                body = {
                    "pack": lesson[0],
                    "lesson": lesson[1],
                    "position_s": round(news.position_s, 1),
                    "seen": seen,
                }
                journal.append(person, PROGRESS, body)

    def progress(self, person: str) -> Dict[Tuple[str, str], Progress]:
        """Merge positions of this laptop with those that came from the person's others."""
        self._store.person(person)
        progress = folds.fold_progress(self._both(PROGRESS, person))
        connection = self._store.database.connection
        here = positions.load(connection, person, self._store.bodies)
        for lesson, news in here.items():
            folds.merge_progress(progress, lesson, news)
        return progress

    def _both(self, kind: str, person: Optional[str] = None) -> List[Record]:
        own = self._store.journal().of_kind(kind, person)
        return [*own, *self._store.inbox().of_kind(kind, person)]

    def _same_again(self, key: DraftKey, answers: Mapping[str, Any]) -> Optional[Record]:
        task = (key.pack, key.lesson, key.task)
        for record in reversed(self._store.journal().of_kind(SUBMISSION, key.person)):
            body = record.body
            if (body["pack"], body["lesson"], body["task"]) == task:
                return record if body["answers"] == answers else None
        return None

    def _attempts(self, key: DraftKey) -> int:
        """The latest attempt that was handed in, on whichever laptop; 0 for none."""
        return max(
            (
                attempt_of(record.body)
                for record in self._both(SUBMISSION, key.person)
                if (record.body["pack"], record.body["lesson"], record.body["task"]) == key[1:]
            ),
            default=0,
        )

    def _submission(
        self, key: DraftKey, answers: Mapping[str, Any], language: str, attempt: int
    ) -> Dict[str, Any]:
        task = self._task(key, attempt)
        score = _score(task, answers)
        # Work is never refused because its pack is broken: the teacher's laptop scores it again.
        points = None if score is None or score.waiting == score.of else score.points
        return {
            "pack": key.pack,
            "version": lesson_index.version_of(self._store.database.connection, key.pack),
            "lesson": key.lesson,
            "task": key.task,
            "answers": dict(answers),
            "points": points,
            "of": score.of if score else 0,
            "waiting": score.waiting if score else 0,
            "language": language,
            **attempt_fields(attempt, task.variant if task else ""),
            **self._attachments.for_record(answers),
        }

    def _task(self, key: DraftKey, attempt: int) -> Optional[Task]:
        try:
            return self.task(key, attempt)
        except LaptopError:
            return None


def _score(task: Optional[Task], answers: Mapping[str, Any]) -> Optional[TaskScore]:
    from content.scoring import score_task

    return score_task(task, answers) if task else None


def plain_answers(answers: Answers) -> Dict[str, Any]:
    """Bring answers to the form that is kept: lists, tables, nothing for unanswered items.

    Raises LaptopError ``answers-too-large`` before the disk is touched.
    """
    plain: Dict[str, Any] = {}
    for item, answer in answers.items():
        if answer is None:
            continue
        plain[item] = _plain(answer)
        if _longest(plain[item]) > MAX_ANSWER_CHARACTERS:
            raise failure("answers-too-large", Fault.YOUR_DATA, item)
    return plain


def _plain(answer: Any) -> Any:
    if isinstance(answer, str):
        return answer
    return dict(answer) if isinstance(answer, Mapping) else list(answer)


def _longest(answer: Any) -> int:
    texts = answer.values() if isinstance(answer, dict) else [answer]
    return max((len(one) for one in texts if isinstance(one, str)), default=0)


def _refused(error: RecordError) -> LaptopError:
    if error.code == "record-too-large":
        return failure("answers-too-large", Fault.YOUR_DATA, str(error))
    return as_laptop_error(error)
