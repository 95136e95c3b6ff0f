"""Payloads as a school makes them, drawn from a seed: what a dictionary learns from.

The texts are ours; names, ids and answers are random. Only shapes and frequent words should end in
a dictionary.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any, Dict, List, Tuple

from sync.clock import hybrid_time
from sync.exchange import ExchangeAnswer, ExchangeRequest
from sync.identity import device_id_text
from sync.kinds import MARK, PROGRESS, ROSTER, SUBMISSION
from sync.people import Person, person_to_json
from sync.receipt import Receipt
from sync.record import Head, Record

START_MS = 1_788_000_000_000
_SUBJECTS: Tuple[str, ...] = (
    "algebra",
    "geometry",
    "physics",
    "chemistry",
    "biology",
    "geography",
    "history",
)
_SUBJECTS += ("kazakh", "russian", "english", "literature", "informatics", "mathematics", "world")
_TOPICS = ("linear", "fractions", "motion", "cells", "atoms", "rivers", "verbs", "texts", "numbers")
_LESSONS = ("meaning", "solving", "problems", "practice", "review", "lesson-1", "lesson-2", "test")
_TASKS = (
    "check",
    "practice",
    "exercise",
    "task-1",
    "task-2",
    "task-3",
    "homework",
    "quiz",
    "words",
)
_ITEMS = ("q", "item-", "i", "step-", "")
_COMMENTS = (
    "Жақсы!", "Өте жақсы!", "Тамаша жұмыс.", "Таңбаны тексер.", "Есепті қайта қара.", "Дұрыс.",
    "Хорошо!", "Отлично!", "Проверь знак.", "Молодец, всё верно.", "Реши ещё раз задание",
    "Good work.", "Well done!", "Check the sign in step", "Жауабың дұрыс, бірақ шешуі толық емес.",
)  # fmt: skip
_ANSWERS = (
    "Теңдеудің екі жағына бірдей санды қосамыз", "х = ", "өйткені", "Себебі екі жағы тең",
    "Потому что обе части равны", "Перенесли слагаемое и поменяли знак", "ответ", "жауабы",
    "Because both sides stay equal",
)  # fmt: skip
_NAMES = ("Айару", "Нұрлан", "Әсел", "Дәурен", "Мадина", "Ерасыл", "Томирис", "Алихан", "Зере")
_SURNAMES = ("Серікова", "Қасымов", "Ахметова", "Иванов", "Оспанов", "Жұмабаева", "Ким", "Төлеген")
_CLASSES = ("5А", "6Б", "7А", "7Ә", "8А", "9Б", "10А", "11")
_PICTURES = ("camel", "steppe", "eagle", "yurt", "horse", "apple", "mountain", "tulip", "star", "")


def payloads(count: int, seed: int) -> List[bytes]:
    """Return ``count`` payloads of requests, answers and enrolments; the same for the same seed."""
    school = _School(Random(seed))  # noqa: S311 (shapes, not secrets)
    makers = (school.request, school.answer, school.request, school.answer, school.enrolment)
    return [makers[at % len(makers)]() for at in range(count)]


class _School:
    """Draws what devices and their server would say."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._now_ms = START_MS

    def request(self) -> bytes:
        count = self._random.choice((0, 0, 1, 1, 2, 3, 8, 20))
        device, seq = self._device(), self._random.randrange(1, 900)
        records = tuple(self._record(device, seq + at) for at in range(count))
        request = ExchangeRequest(
            device,
            Head(seq + count - 1, self._bytes(32)),
            seq,
            records,
            self._cursor(),
            {self._hex(32): self._random.randrange(1, 60)},
        )
        return request.to_payload()

    def answer(self) -> bytes:
        count = self._random.choice((0, 0, 0, 1, 2, 5, 20))
        devices = [self._device() for _ in range(3)]
        records = tuple(
            self._record(self._random.choice(devices), self._random.randrange(1, 900))
            for _ in range(count)
        )
        return ExchangeAnswer(
            reply_to=self._bytes(8),
            server_time_ms=self._time_ms(),
            receipt=self._receipt() if self._random.random() < 0.7 else None,
            records=records,
            since=self._cursor() if count else "",
            cursor=self._cursor() if count else "",
            more=self._random.random() < 0.1,
            catalogues={self._hex(32): 3} if self._random.random() < 0.2 else {},
            publishers={self._hex(32): self._bytes(32)} if self._random.random() < 0.1 else None,
        ).to_payload()

    def enrolment(self) -> bytes:
        people = [person_to_json(self._person()) for _ in range(self._random.randrange(1, 12))]
        value = {
            "q": device_id_text(self._bytes(8)),
            "i": device_id_text(self._bytes(64)),
            "n": self._random.choice(("№ 12 орта мектеп", "Ауыл мектебі", "Школа № 5")),
            "p": people,
            "k": {self._hex(32): device_id_text(self._bytes(32))},
            "t": self._time_ms(),
        }
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    def _record(self, device: str, seq: int) -> Record:
        weights = {SUBMISSION: 6, PROGRESS: 5, MARK: 3, ROSTER: 1}
        kind = self._random.choices(list(weights), list(weights.values()))[0]
        body: Dict[str, Any] = {
            SUBMISSION: self._submission,
            PROGRESS: self._progress,
            MARK: self._mark,
            ROSTER: self._roster,
        }[kind]()
        time = hybrid_time(self._time_ms(), 0)
        return Record(device, seq, time, self._person_id(), kind, body)

    def _submission(self) -> Dict[str, Any]:
        pack, lesson = self._place()
        prefix = self._random.choice(_ITEMS)
        count = self._random.randrange(3, 12)
        answers = {f"{prefix}{at + 1}": self._given() for at in range(count)}
        waiting = self._random.choice((0, 0, 2, 3))
        points = self._random.randrange(0, count + 1)
        version = self._random.choice((1, 2, "1.0.0", "2026.1"))
        return {
            "pack": pack,
            "version": version,
            "lesson": lesson,
            "task": self._random.choice(_TASKS),
            "answers": answers,
            "points": self._random.choice((points, points + 0.5, None)),
            "of": count,
            "waiting": waiting,
            "language": self._random.choice(("kk", "kk", "ru", "en")),
        }

    def _given(self) -> Any:
        number = self._random.randrange(-20, 60)
        return self._random.choice(
            (
                self._random.choice("abcd"),
                sorted(self._random.sample("abcde", 2)),
                str(number),
                f"{number},5",
                f"{number}/{self._random.randrange(2, 9)}",
                self._random.choice(_ANSWERS) + f" {number}",
            )
        )

    def _progress(self) -> Dict[str, Any]:
        pack, lesson = self._place()
        seen = self._random.random() < 0.5
        position_s = round(self._random.uniform(0, 900), self._random.choice((0, 1)))
        return {"pack": pack, "lesson": lesson, "position_s": position_s, "seen": seen}

    def _mark(self) -> Dict[str, Any]:
        of = self._random.randrange(3, 12)
        return {
            "student": self._person_id(),
            "device": self._device(),
            "seq": self._random.randrange(1, 900),
            "points": self._random.randrange(0, of + 1),
            "of": of,
            "comment": self._random.choice((*_COMMENTS, "")),
        }

    def _roster(self) -> Dict[str, Any]:
        person = self._person()
        return {
            "person": person.id,
            "name": person.name,
            "role": person.role,
            "class": person.class_name,
            "picture": person.picture,
        }

    def _person(self) -> Person:
        names = self._random.choice(_SURNAMES), self._random.choice(_NAMES)
        role = self._random.choice(("student",) * 5 + ("teacher",))
        return Person(
            self._person_id(),
            " ".join(names),
            role,
            self._random.choice(_CLASSES),
            self._random.choice(_PICTURES),
        )

    def _place(self) -> Tuple[str, str]:
        subject, grade = self._random.choice(_SUBJECTS), self._random.randrange(5, 12)
        pack = f"{subject}-{grade}-{self._random.choice(_TOPICS)}"
        return pack, self._random.choice(_LESSONS)

    def _receipt(self) -> Receipt:
        seq = self._random.randrange(1, 900)
        return Receipt("", seq, self._bytes(32), self._time_ms(), self._bytes(64))

    def _cursor(self) -> str:
        serial = self._random.randrange(1, 90_000)
        return f"{self._random.randrange(1, 4)}.{serial}.{self._hex(4)}"

    def _time_ms(self) -> int:
        self._now_ms += self._random.randrange(1, 90_000_000)
        return self._now_ms

    def _device(self) -> str:
        return device_id_text(self._bytes(16))

    def _person_id(self) -> str:
        return device_id_text(self._bytes(6))

    def _hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def _bytes(self, count: int) -> bytes:
        return self._random.getrandbits(8 * count).to_bytes(count, "big")
