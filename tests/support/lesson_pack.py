"""A small built pack with every kind of task, and a laptop that has it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import struct
import zlib
from pathlib import Path
from typing import Optional

from client.laptop.attaching.attachments import AttachedFile
from client.laptop.schoolwork.class_work import WorkDetail
from client.laptop.schoolwork.works import WorkId
from content.errors import MissingError
from content.pack import Pack
from content.scoring import score_task
from tests.support.memory_laptop import MemoryLaptop
from tests.support.pack_source import PACK, PACK_TITLE, TASK_TITLES

TEXT = {
    "kk": (
        "Теңдеу — құрамында **айнымалысы** бар теңдік. Мысалы, $5x - 7 = 2x + 8$.\n\n"
        "## Қалай шешеміз?\n\n"
        "1. Айнымалысы бар мүшелерді *сол жаққа* жинаймыз.\n"
        "2. Сандарды оң жаққа көшіреміз, таңбасы өзгереді.\n"
        "3. Екі жағын $x$-тің коэффициентіне бөлеміз.\n\n"
        "$$5x - 2x = 8 + 7 \\Rightarrow 3x = 15 \\Rightarrow x = \\frac{15}{3} = 5$$\n\n"
        "> **Есте сақта.** Егер $a \\ne 0$ болса, $ax + b = 0$ теңдеуінің жалғыз түбірі бар:\n"
        "> $x = -\\frac{b}{a}$.\n\n"
        "![Таразы: екі басы тең](pictures/scales.png)\n\n"
        "| Теңдеу | Түбірі | Тексеру |\n|---|:-:|---|\n"
        "| $2x = 10$ | $5$ | $2 \\cdot 5 = 10$ |\n"
        "| $\\frac{x}{3} = 4$ | $12$ | $\\frac{12}{3} = 4$ |\n"
    ),
    "ru": (
        "Уравнение — это равенство с **переменной**. Например, $5x - 7 = 2x + 8$.\n\n"
        "## Как решать?\n\n"
        "1. Собираем слагаемые с переменной *слева*.\n"
        "2. Числа переносим вправо, меняя знак.\n"
        "3. Делим обе части на коэффициент при $x$.\n\n"
        "$$5x - 2x = 8 + 7 \\Rightarrow 3x = 15 \\Rightarrow x = \\frac{15}{3} = 5$$\n\n"
        "> **Запомни.** Если $a \\ne 0$, у уравнения $ax + b = 0$ один корень:\n"
        "> $x = -\\frac{b}{a}$.\n"
    ),
}
VTT = "WEBVTT\n\n00:00.000 --> 00:02.500\n{0}\n\n00:02.500 --> 00:05.000\n{1}\n"
SUBTITLES = {
    "kk": ("Бүгін сызықтық теңдеуді шешеміз.", "Мүшені көшіргенде таңбасы өзгереді."),
    "ru": ("Сегодня решаем линейные уравнения.", "При переносе слагаемого знак меняется."),
}

CHOICE = {
    "id": "root",
    "kind": "choice",
    "points": 1,
    "prompt": {
        "kk": "Теңдеуді шеш:\n\n$$5x - 7 = 2x + 8$$",
        "ru": "Реши уравнение:\n\n$$5x - 7 = 2x + 8$$",
        "en": "Solve the equation:\n\n$$5x - 7 = 2x + 8$$",
    },
    "choice": [
        {
            "id": "a",
            "text": {"kk": "$x = 3$"},
            "correct": False,
            "feedback": {
                "kk": "Таңбаны тексер.",
                "ru": "Проверь знак.",
                "en": "Check the sign.",
            },
        },
        {
            "id": "b",
            "text": {"kk": "$x = 5$"},
            "correct": True,
            "feedback": {
                "kk": "Дұрыс: $3x = 15$.",
                "ru": "Верно: $3x = 15$.",
                "en": "Right: $3x = 15$.",
            },
        },
        {"id": "c", "text": {"kk": "$x = -5$"}, "correct": False},
        {"id": "d", "text": {"kk": "$x = \\frac{1}{5}$"}, "correct": False},
    ],
    "hint": {
        "kk": "Алдымен $x$-і бар мүшелерді бір жаққа жина.",
        "ru": "Сначала собери слагаемые с $x$ в одной части.",
        "en": "First collect the terms with $x$ on one side.",
    },
    "solution": {
        "kk": "$5x - 2x = 8 + 7$, яғни $3x = 15$, $x = 5$.",
        "ru": "$5x - 2x = 8 + 7$, то есть $3x = 15$, $x = 5$.",
        "en": "$5x - 2x = 8 + 7$, that is $3x = 15$, $x = 5$.",
    },
}
CHOICES = {
    "id": "equivalent",
    "kind": "choices",
    "points": 2,
    "prompt": {
        "kk": "$2x + 6 = 10$ теңдеуімен мәндес теңдеулерді таңда.",
        "ru": "Выбери уравнения, равносильные $2x + 6 = 10$.",
        "en": "Choose the equations equivalent to $2x + 6 = 10$.",
    },
    "choice": [
        {"id": "a", "text": {"kk": "$2x = 4$"}, "correct": True},
        {"id": "b", "text": {"kk": "$x + 3 = 5$"}, "correct": True},
        {"id": "c", "text": {"kk": "$2x = 16$"}, "correct": False},
    ],
}
NUMBER = {
    "id": "number",
    "kind": "number",
    "points": 1,
    "answer": "-5/2",
    "prompt": {
        "kk": "$-2x = 5$ теңдеуінің түбірін тап.",
        "ru": "Найди корень уравнения $-2x = 5$.",
        "en": "Find the root of $-2x = 5$.",
    },
    "hint": {
        "kk": "Екі жағын $-2$-ге бөл.",
        "ru": "Раздели обе части на $-2$.",
        "en": "Divide both sides by $-2$.",
    },
    "solution": {"kk": "$x = \\frac{5}{-2} = -2,5$", "en": "$x = \\frac{5}{-2} = -2.5$"},
}
WORDS = {
    "id": "why",
    "kind": "text",
    "points": 2,
    "prompt": {
        "kk": "Мүшені көшіргенде таңбасы неге өзгереді? Өз сөзіңмен түсіндір.",
        "ru": "Почему при переносе слагаемого меняется знак? Объясни своими словами.",
        "en": "Why does a term change its sign when it is moved? Explain in your own words.",
    },
    "rubric": {
        "kk": "Екі жағынан бірдей сан азайту туралы айтса — 2 ұпай.",
        "ru": "Сказано про вычитание одного числа из обеих частей: 2 балла.",
        "en": "2 points for subtracting the same number from both sides.",
    },
}
ITEMS = (CHOICE, CHOICES, NUMBER, WORDS)


def task_json(feedback="after", items=ITEMS, task="practice"):
    return {"title": TASK_TITLES[task], "minutes": 15, "feedback": feedback, "item": list(items)}


def write_pack(folder: Path, film: Optional[Path] = None, feedback: str = "after") -> Pack:
    """Write a built pack of one lesson, "solving", with two tasks."""
    lesson = folder / "lessons" / "solving"
    (lesson / "tasks").mkdir(parents=True)
    (lesson / "pictures").mkdir()
    tasks = {
        "practice": task_json(feedback),
        "explain": task_json("after", (WORDS,), "explain"),
    }
    title = {
        "kk": "Сызықтық теңдеулерді шешу",
        "ru": "Решение линейных уравнений",
        "en": "Solving linear equations",
    }
    summary = {
        "kk": "Мүшелерді көшіреміз.",
        "ru": "Переносим слагаемые.",
        "en": "Moving terms.",
    }
    entry = {"id": "solving", "title": title, "summary": summary, "minutes": 20}
    _write(
        folder / "pack.json",
        {
            "format": 1,
            "id": PACK,
            "version": 1,
            "subject": "algebra",
            "grade": 7,
            "languages": ["kk", "ru"],
            "title": PACK_TITLE,
            "licence": "CC BY 4.0",
            "lessons": [{**entry, "has_video": True, "tasks": list(tasks)}],
        },
    )
    _write(lesson / "lesson.json", {**entry, **_lesson_files(lesson), "tasks": _entries(tasks)})
    for name, body in tasks.items():
        _write(lesson / "tasks" / f"{name}.json", body)
    (lesson / "poster.png").write_bytes(_png(320, 180, (11, 106, 136)))
    (lesson / "pictures" / "scales.png").write_bytes(_png(300, 120, (220, 238, 243)))
    if film is not None:
        (lesson / "video.mp4").write_bytes(film.read_bytes())
    return Pack.open(folder)


def _entries(tasks):
    return [
        {"id": name, "title": body["title"], "minutes": 15, "items": len(body["item"])}
        for name, body in tasks.items()
    ]


def _lesson_files(lesson):
    for language, text in TEXT.items():
        (lesson / f"text.{language}.md").write_text(text, encoding="utf-8")
    for language, lines in SUBTITLES.items():
        path = lesson / f"video.{language}.vtt"
        path.write_text(VTT.format(*lines), encoding="utf-8")
    return {
        "texts": {language: f"text.{language}.md" for language in TEXT},
        "video": {
            "file": "video.mp4",
            "poster": "poster.png",
            "duration_s": 6.0,
            "subtitles": {language: f"video.{language}.vtt" for language in SUBTITLES},
        },
    }


def _write(path, body):
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")


def _png(width, height, colour):
    """A picture of one colour."""
    rows = (b"\0" + bytes(colour) * width) * height

    def chunk(kind, body):
        checksum = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(rows)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


class PackLaptop(MemoryLaptop):
    """The in-memory laptop with a pack on it; keeps and scores what is handed in."""

    def __init__(self, folder: Path, film: Optional[Path] = None, feedback: str = "after"):
        super().__init__(folder)
        self.installed = write_pack(folder / "pack", film, feedback)
        self._works = []
        self.files = FilesInMemory()

    def attach(self, path):
        return self.files.attach(path)

    def attached(self, name):
        return self.files.find(name)

    def attached_bytes(self, name):
        return self.files.data[name]

    def attached_preview(self, name):
        from client.laptop.attaching.photo import preview

        return preview(self.files.data[name])

    def take_back(self, name):
        self.files.gone.append(name)

    def work_file_bytes(self, work, name):
        return self.files.data[name]

    def pack(self, pack_id):
        return self.installed

    def hand_in(self, person, pack, lesson, task, answers, language, attempt=None):
        again = [
            work
            for work in self._works
            if (work.person, work.task) == (person, task) and self._answers[work.id] == answers
        ]
        if again and not self.draft(person, pack, lesson, task):
            return again[-1]
        attempt = attempt or self.attempt(person, pack, lesson, task)
        self._attempts.pop((person, pack, lesson, task), None)
        score = score_task(self.installed.task(lesson, task, person, attempt), answers)
        self._drafts.pop((person, pack, lesson, task), None)
        from client.laptop.schoolwork.works import Station

        work = self._work(
            self.person(person),
            len(self._works) + 1,
            lesson,
            task,
            self.now_ms(),
            Station.SAVED,
            score.points,
            score.of,
            score.waiting,
        )
        work = dataclasses.replace(work, attempt=attempt)
        self._works.append(work)
        self._answers[work.id] = dict(answers)
        return work

    def work_detail(self, work: WorkId) -> WorkDetail:
        found = next(one for one in self._works if one.id == work)
        answers, student = self._answers[work], self.person(found.person)
        try:
            task = self.installed.task(found.lesson, found.task, found.person, found.attempt)
        except MissingError:
            return WorkDetail(found, student, "kk", answers, None, None, ())
        score = score_task(task, answers)
        files = self.files.of(answers)
        return WorkDetail(found, student, "kk", answers, task, score, (), files)


class FilesInMemory:
    """Attached files of a laptop in memory; photos are prepared as on a real one."""

    def __init__(self):
        self.files = {}
        self.data = {}
        self.gone = []

    def attach(self, path):
        from client.laptop.attaching.file_types import FILES, PHOTO_TYPE, PHOTOS, ending_of
        from client.laptop.attaching.photo import prepare_photo

        photo = ending_of(path.name) in PHOTOS
        data = prepare_photo(path) if photo else path.read_bytes()
        name = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()[:43]
        kind = PHOTO_TYPE if photo else FILES[ending_of(path.name)]
        self.data[name] = data
        self.files[name] = AttachedFile(name, kind, path.name, len(data), True)
        return self.files[name]

    def find(self, name):
        return self.files.get(name)

    def of(self, answers):
        lists = [answer for answer in answers.values() if isinstance(answer, (list, tuple))]
        return tuple(self.files[name] for names in lists for name in names if name in self.files)
