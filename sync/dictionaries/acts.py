"""What pupils and teachers do, drawn from a seed: the records that a dictionary learns from.

The texts are ours; names, ids and answers are random. Only shapes and frequent words should end in
a dictionary. An *act* is a run of records such as one sitting leaves: a task tried item by item and
handed in, lessons watched, a pile of works marked.
"""

from __future__ import annotations

from random import Random
from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple

from sync import kinds
from sync.identity import device_id_text
from sync.people import Person

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
_NUMBERED = (("q", 0), ("q", 1), ("item-", 1), ("i", 1), ("step-", 1), ("t", 1), ("", 1), ("", 0))
"""How authors number the items of a task: a prefix and the first number."""
_NAMED = (
    "first", "second", "third", "root", "zero", "negative", "fraction", "explain", "translate",
    "choose", "solve", "why", "meaning", "sum", "speed", "age", "price", "total", "left", "right",
    "check-root", "what-is", "how-many", "word", "sentence", "capital", "year", "unit", "formula",
)  # fmt: skip
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


_QUESTIONS = (
    "Неге таңба ауысады?", "Мұғалім, 3-есепті түсінбедім", "Почему знак меняется?",
    "Я не понял последний пример", "Could you explain the second step?",
)  # fmt: skip


class Said(NamedTuple):
    """One record without its outline's numbers; ``pause_ms`` passed since the one before."""

    person: str
    kind: str
    body: Dict[str, Any]
    pause_ms: int


class Act:
    """Draws runs of records; ``random`` may be shared with whoever draws the rest."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._makers: Tuple[Tuple[int, Callable[[], List[Said]]], ...] = (
            (6, self._exercise),
            (4, self._watching),
            (3, self._marking),
            (2, self._one_thing),
            (1, self._rosters),
        )

    def draw(self) -> List[Said]:
        """Return the records of one act; the bodies' fields in the order of their names."""
        weights = [weight for weight, _ in self._makers]
        maker = self._random.choices([make for _, make in self._makers], weights)[0]
        return [one._replace(body=dict(sorted(one.body.items()))) for one in maker()]

    def person(self) -> Person:
        """Draw a person."""
        names = self._random.choice(_SURNAMES), self._random.choice(_NAMES)
        role = self._random.choice(("student",) * 5 + ("teacher",))
        return Person(
            self.person_id(),
            " ".join(names),
            role,
            self._random.choice(_CLASSES),
            self._random.choice(_PICTURES),
        )

    def person_id(self) -> str:
        """Draw a person's id."""
        return device_id_text(self._bytes(6))

    def device(self) -> str:
        """Draw a device's id."""
        return device_id_text(self._bytes(16))

    def _exercise(self) -> List[Said]:
        """A task tried item by item, then handed in, perhaps with a rating."""
        person, pack = self.person_id(), self._pack()
        lesson, task = self._random.choice(_LESSONS), self._random.choice(_TASKS)
        place = {"pack": pack, "lesson": lesson, "task": task}
        version = self._random.choice((1, 1, 2, 3, 14))
        items = self._items()
        said: List[Said] = []
        if self._random.random() < 0.6:
            for item in items:
                points = self._random.choice((0, 1, 1))
                body = {**place, "version": version, "item": item, "answer": self._given()}
                said.append(self._said(person, kinds.ATTEMPT, {**body, "points": points, "of": 1}))
        if self._random.random() < 0.3:
            some = {item: self._given() for item in items[: len(items) // 2]}
            said.append(self._said(person, kinds.DRAFT, {**place, "answers": some}))
        if not said or self._random.random() < 0.7:
            body = {**place, "version": version, **self._handed_in(items)}
            said.append(self._said(person, kinds.SUBMISSION, body))
        if self._random.random() < 0.2:
            stars = self._random.randrange(1, 6)
            comment = self._random.choice(("", "", "", "Қызық болды", "Интересно"))
            body = {"pack": pack, "lesson": lesson, "stars": stars, "comment": comment}
            said.append(self._said(person, kinds.RATING, body))
        return said

    def _handed_in(self, items: Sequence[str]) -> Dict[str, Any]:
        points = self._random.randrange(0, len(items) + 1)
        return {
            "answers": {item: self._given() for item in items},
            "points": self._random.choice((points, points, points + 0.5, None)),
            "of": len(items),
            "waiting": self._random.choice((0, 0, 0, 2, 3)),
            "language": self._random.choice(("kk", "kk", "ru", "en")),
        }

    def _items(self) -> List[str]:
        count = self._random.randrange(1, 21)
        prefix, first = self._random.choice(_NUMBERED)
        if self._random.random() < 0.3:
            return self._random.sample(_NAMED, min(count, 8))
        return [f"{prefix}{first + at}" for at in range(count)]

    def _given(self) -> Any:
        number = self._random.randrange(-20, 60)
        if self._random.random() < 0.5:
            return self._random.choice("abcd")
        return self._random.choice(
            (
                str(number),
                str(number),
                f"{number},5",
                f"{number}/{self._random.randrange(2, 9)}",
                sorted(self._random.sample("abcde", 2)),
                self._random.choice(_ANSWERS) + f" {number}",
            )
        )

    def _watching(self) -> List[Said]:
        """A lesson or some, begun and left and seen to the end."""
        said = []
        for _ in range(self._random.choice((1, 1, 2, 4))):
            person, pack = self.person_id(), self._pack()
            for lesson in self._random.sample(_LESSONS, self._random.randrange(1, 4)):
                for seen in self._random.choice(((False,), (True,), (False, True))):
                    position_s = round(self._random.uniform(0, 900), self._random.choice((0, 1)))
                    body = {"pack": pack, "lesson": lesson, "position_s": position_s, "seen": seen}
                    said.append(self._said(person, kinds.PROGRESS, body))
        return said

    def _marking(self) -> List[Said]:
        """A teacher's evening: works marked, some with words to an item."""
        teacher, said = self.person_id(), []
        for _ in range(self._random.choice((1, 1, 3, 10))):
            of = self._random.randrange(3, 12)
            work = {
                "student": self.person_id(),
                "device": self.device(),
                "seq": self._random.randrange(1, 900),
            }
            body = {
                **work,
                "points": self._random.randrange(0, of + 1),
                "of": of,
                "comment": self._random.choice((*_COMMENTS, "", "")),
            }
            said.append(self._said(teacher, kinds.MARK, body))
            if self._random.random() < 0.2:
                words = {
                    "item": self._random.choice(_NAMED),
                    "text": self._random.choice(_COMMENTS),
                }
                said.append(self._said(teacher, kinds.FEEDBACK, {**work, **words}))
        return said

    def _one_thing(self) -> List[Said]:
        """A question, an assignment, a plan or a laptop's word about itself."""
        pack, person = self._pack(), self.person_id()
        lessons = self._random.sample(_LESSONS, 3)
        due_ms = 1_788_000_000_000 + 86_400_000 * self._random.randrange(300)
        question = {"pack": pack, "lesson": lessons[0], "text": self._random.choice(_QUESTIONS)}
        task = {"pack": pack, "lesson": lessons[0], "task": self._random.choice(_TASKS)}
        plan = [[pack, one, due_ms + 86_400_000 * at] for at, one in enumerate(lessons)]
        report = {"program": "1.0.0", "system": "Windows 7", "free_bytes": due_ms // 7}
        kind, body = self._random.choice(
            (
                (kinds.QUESTION, question),
                (kinds.ASSIGNMENT, {**task, "students": [], "due_ms": due_ms}),
                (kinds.CLASS_PLAN, {"class": self._random.choice(_CLASSES), "lessons": plan}),
                (kinds.DEVICE_REPORT, report),
            )
        )
        return [self._said(person, kind, body)]

    def _rosters(self) -> List[Said]:
        """The people of a class, as a server writes them down."""
        said = []
        for _ in range(self._random.choice((1, 1, 3, 8))):
            person = self.person()
            body = {
                "person": person.id,
                "name": person.name,
                "role": person.role,
                "class": person.class_name,
                "picture": person.picture,
            }
            said.append(self._said(person.id, kinds.ROSTER, body))
        return said

    def _said(self, person: str, kind: str, body: Dict[str, Any]) -> Said:
        return Said(person, kind, body, self._random.randrange(0, 90_000))

    def _pack(self) -> str:
        subject, grade = self._random.choice(_SUBJECTS), self._random.randrange(5, 12)
        return f"{subject}-{grade}-{self._random.choice(_TOPICS)}"

    def _bytes(self, count: int) -> bytes:
        return self._random.getrandbits(8 * count).to_bytes(count, "big")
