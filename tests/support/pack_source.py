"""The source folder of a small pack: three lessons, four tasks, every kind of item."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

PACK = "algebra-7-linear"
PACK_TITLE = {
    "kk": "Алгебра 7: сызықтық теңдеулер",
    "ru": "Алгебра 7: линейные уравнения",
    "en": "Algebra 7: linear equations",
}
LESSONS = (
    (
        "meaning",
        {"kk": "Теңдеу деген не?", "ru": "Что такое уравнение?", "en": "What is an equation?"},
        {
            "kk": "Теңдік, айнымалы және түбір. Теңдеуді таразы сияқты көреміз.",
            "ru": "Равенство, переменная и корень. Уравнение как весы.",
            "en": "Equality, variable and root. An equation as a pair of scales.",
        },
        ("check",),
    ),
    (
        "solving",
        {"kk": "Теңдеуді шешу", "ru": "Решение уравнений", "en": "Solving equations"},
        {
            "kk": "Мүшелерді көшіреміз, ұқсас мүшелерді біріктіреміз.",
            "ru": "Переносим слагаемые, приводим подобные.",
            "en": "Moving terms and collecting like ones.",
        },
        ("practice", "explain"),
    ),
    (
        "problems",
        {"kk": "Мәтінді есептер", "ru": "Текстовые задачи", "en": "Word problems"},
        {
            "kk": "Есептің шартынан теңдеу құрамыз.",
            "ru": "Составляем уравнение по условию задачи.",
            "en": "Writing an equation from a story.",
        },
        ("caravan",),
    ),
)
TASK_TITLES = {
    "check": {"kk": "Өзіңді тексер", "ru": "Проверь себя", "en": "Check yourself"},
    "practice": {"kk": "Жаттығу", "ru": "Тренировка", "en": "Practice"},
    "explain": {"kk": "Түсіндіріп бер", "ru": "Объясни решение", "en": "Explain your solution"},
    "caravan": {"kk": "Керуен жолы", "ru": "Путь каравана", "en": "The caravan's road"},
}
RIGHT_ANSWERS = {
    "root": "b",
    "same": ["a", "b"],
    "number": "-5/2",
    "why": "Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді.",
}
"""Four points by machine; two more are the teacher's to give."""
VIDEO_BYTES = 2_500_000

_CHOICE = {
    "id": "root",
    "kind": "choice",
    "points": 1,
    "prompt": {
        "kk": "Теңдеуді шеш: $5x - 7 = 2x + 8$",
        "ru": "Реши уравнение: $5x - 7 = 2x + 8$",
        "en": "Solve: $5x - 7 = 2x + 8$",
    },
    "choice": [
        {
            "id": "a",
            "text": {"kk": "$x = 3$"},
            "feedback": {"kk": "Таңбаны тексер.", "ru": "Проверь знак."},
        },
        {
            "id": "b",
            "correct": True,
            "text": {"kk": "$x = 5$"},
            "feedback": {"kk": "Дұрыс: $3x = 15$.", "ru": "Верно: $3x = 15$."},
        },
        {"id": "c", "text": {"kk": "$x = -5$"}},
    ],
    "hint": {
        "kk": "Алдымен $x$-і бар мүшелерді бір жаққа жина.",
        "ru": "Сначала собери слагаемые с $x$ в одной части.",
    },
    "solution": {"kk": "$3x = 15$, сондықтан $x = 5$.", "ru": "$3x = 15$, поэтому $x = 5$."},
}
_CHOICES = {
    "id": "same",
    "kind": "choices",
    "points": 2,
    "prompt": {
        "kk": "$2x + 6 = 10$ теңдеуімен мәндес теңдеулерді таңда.",
        "ru": "Выбери уравнения, равносильные $2x + 6 = 10$.",
    },
    "choice": [
        {"id": "a", "text": {"kk": "$2x = 4$"}, "correct": True},
        {"id": "b", "text": {"kk": "$x + 3 = 5$"}, "correct": True},
        {"id": "c", "text": {"kk": "$2x = 16$"}},
    ],
}
_NUMBER = {
    "id": "number",
    "kind": "number",
    "points": 1,
    "answer": "-5/2",
    "prompt": {"kk": "$-2x = 5$ теңдеуінің түбірін тап.", "ru": "Найди корень $-2x = 5$."},
}
_WORDS = {
    "id": "why",
    "kind": "text",
    "points": 2,
    "prompt": {
        "kk": "Мүшені көшіргенде таңбасы неге өзгереді? Өз сөзіңмен түсіндір.",
        "ru": "Почему при переносе слагаемого меняется знак? Объясни своими словами.",
    },
    "rubric": {"kk": "Екі жағына бірдей сан қосуды айтса — 2 ұпай."},
}
_ITEMS = {
    "check": (_CHOICE, _CHOICES, _NUMBER, _WORDS),
    "practice": (_CHOICE, _CHOICES, _NUMBER),
    "explain": (_WORDS,),
    "caravan": (_CHOICE, _CHOICES, _NUMBER, _WORDS),
}


def write_source(
    folder: Path,
    pack: str = PACK,
    version: int = 1,
    film: Optional[Path] = None,
    note: str = "",
    lessons: Sequence[str] = ("meaning", "solving", "problems"),
    video_bytes: int = VIDEO_BYTES,
) -> Path:
    """Write a pack's source; each lesson has a video: ``film``, or noise of ``video_bytes``."""
    head = {
        "id": pack,
        "version": version,
        "subject": "algebra",
        "grade": 7,
        "languages": ["kk", "ru", "en"],
        "licence": "CC BY 4.0",
        "lessons": list(lessons),
    }
    _write(folder / "pack.toml", _table("pack", head, {"title": PACK_TITLE}))
    for lesson, title, summary, tasks in LESSONS:
        if lesson in lessons:
            place = folder / "lessons" / lesson
            text = _table(
                "", {"minutes": 20, "tasks": list(tasks)}, {"title": title, "summary": summary}
            )
            _write(place / "lesson.toml", text)
            for language in ("kk", "ru", "en"):
                words = f"# {title[language]}\n\n{summary[language]} $2x + 3 = 7$ {note}\n"
                _write(place / f"text.{language}.md", words)
            for task in tasks:
                _write(place / "tasks" / f"{task}.toml", _task(task))
            if video_bytes:
                data = film.read_bytes() if film else noise(pack + lesson, video_bytes)
                (place / "video.mp4").write_bytes(data)
    return folder


def noise(seed: str, size_bytes: int) -> bytes:
    """Bytes that nothing compresses, the same for the same seed."""
    return hashlib.shake_128(seed.encode("utf-8")).digest(size_bytes)


def _task(task: str) -> str:
    parts = [_table("", {"minutes": 15, "feedback": "after"}, {"title": TASK_TITLES[task]})]
    for item in _ITEMS[task]:
        plain = {key: value for key, value in item.items() if not isinstance(value, (dict, list))}
        texts = {key: value for key, value in item.items() if isinstance(value, dict)}
        parts.append(_table("[item]", plain, texts, "item"))
        for choice in item.get("choice", ()):
            marks = {key: choice[key] for key in ("id", "correct") if key in choice}
            told = {key: choice[key] for key in ("text", "feedback") if key in choice}
            parts.append(_table("[item.choice]", marks, told, "item.choice"))
    return "\n".join(parts)


def _table(
    name: str, plain: Mapping[str, Any], tables: Mapping[str, Any], prefix: Optional[str] = None
) -> str:
    lines = [f"[{name}]"] if name else []
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()]
    outer = name if prefix is None else prefix
    for table, texts in tables.items():
        lines.append(f"[{outer}.{table}]" if outer else f"[{table}]")
        lines += [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items()]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
