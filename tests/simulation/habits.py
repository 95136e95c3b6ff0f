"""What pupils and teachers write, drawn from a seed."""

from __future__ import annotations

from random import Random
from typing import Any, Dict, List, Sequence, Tuple

from sync.kinds import (
    ANSWER,
    ASSIGNMENT,
    ATTEMPT,
    CLASS_PLAN,
    DEVICE_REPORT,
    DRAFT,
    FEEDBACK,
    MARK,
    PROGRESS,
    QUESTION,
    RATING,
    SUBMISSION,
)
from sync.people import Person
from sync.record import Record
from tests.simulation.machine import UNKNOWN_KIND

LESSONS = 40
TASKS = ("check", "practice")
Written = Tuple[str, Dict[str, Any]]


def place(lesson: int) -> Dict[str, Any]:
    return {"pack": "algebra-7-linear", "lesson": f"lesson-{lesson}"}


def session(random: Random, lesson: int, attempts: int) -> List[Written]:
    """A pupil's half hour: a video, items tried, perhaps a task handed in, a question, stars."""
    here = place(lesson)
    written: List[Written] = [
        (PROGRESS, {**here, "position_s": random.randrange(600), "seen": False})
    ]
    for at in range(attempts):
        written.append((ATTEMPT, _attempt(random, here, at)))
    if random.random() < 0.7:
        written.append((SUBMISSION, submission(random, lesson)))
    else:
        draft = {**here, "task": random.choice(TASKS), "answers": {"q1": _answer(random)}}
        written.append((DRAFT, draft))
    if random.random() < 0.2:
        written.append((QUESTION, {**here, "text": f"Неге {random.randrange(50)}?"}))
    if random.random() < 0.2:
        written.append((RATING, {**here, "stars": random.randrange(1, 6), "comment": ""}))
    if random.random() < 0.1:
        written.append((UNKNOWN_KIND, {"club": random.choice(("шахмат", "домбыра"))}))
    if random.random() < 0.1:
        report = {
            "program": "0.1.0",
            "system": "Windows 7",
            "free_bytes": random.randrange(1 << 33),
        }
        written.append((DEVICE_REPORT, report))
    written.append((PROGRESS, {**here, "position_s": 600, "seen": True}))
    return written


def submission(random: Random, lesson: int) -> Dict[str, Any]:
    answers = {f"q{at}": _answer(random) for at in range(random.randrange(1, 6))}
    points = random.randrange(6)
    score = {"answers": answers, "points": points, "of": 5, "waiting": 1, "language": "kk"}
    return {**place(lesson), "version": 1, "task": random.choice(TASKS), **score}


def _attempt(random: Random, here: Dict[str, Any], at: int) -> Dict[str, Any]:
    answer, points = random.choice("abcd"), random.randrange(2)
    where = {**here, "version": 1, "task": random.choice(TASKS), "item": f"q{at}"}
    return {**where, "answer": answer, "points": points, "of": 1}


def _answer(random: Random) -> str:
    return random.choice(["a", "b", "c", "-3,5", "7/2", "екі жағына қосамыз"])


def mark(random: Random, work: Record) -> Written:
    points = random.choice([None, 1, 2, 3, 4, 5])
    return MARK, {**about(work), "points": points, "of": 5, "comment": "Жарайсың"}


def feedback(random: Random, work: Record) -> Written:
    return FEEDBACK, {**about(work), "item": "q1", "text": f"Қара: {random.randrange(9)}-бет"}


def reply(random: Random, question: Record) -> Written:
    return ANSWER, {**about(question), "text": f"Себебі {random.randrange(9)}"}


def about(record: Record) -> Dict[str, Any]:
    return {"student": record.person, "device": record.device, "seq": record.seq}


def assignment(random: Random, lesson: int, pupils: Sequence[Person]) -> Written:
    students = [one.id for one in random.sample(list(pupils), min(2, len(pupils)))]
    due_ms = random.choice([None, 1_790_000_000_000])
    body = {**place(lesson), "task": random.choice(TASKS), "students": students, "due_ms": due_ms}
    return ASSIGNMENT, body


def class_plan(lesson: int, class_name: str) -> Written:
    here = place(lesson)
    return CLASS_PLAN, {"class": class_name, "lessons": [[here["pack"], here["lesson"], None]]}
