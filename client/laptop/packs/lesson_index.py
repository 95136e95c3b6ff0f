"""The index of lessons: filled when a pack is installed, so that lists open no pack."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any, Dict, Iterable, Mapping, Tuple

from client.laptop.packs.lessons import LessonCard, Text

if TYPE_CHECKING:
    from content.pack import Pack


def cards(connection: sqlite3.Connection) -> Tuple[LessonCard, ...]:
    """List the lessons of all packs, packs by id, lessons in the pack's order."""
    rows = connection.execute(
        "SELECT l.pack, p.version, l.place, l.lesson, l.video_ready, l.card"
        " FROM lessons l JOIN packs p ON p.pack = l.pack ORDER BY l.pack, l.place"
    )
    return tuple(_card(row) for row in rows)


def task_titles(connection: sqlite3.Connection) -> Mapping[Tuple[str, str, str], Text]:
    """Look up the titles of all tasks, by (pack, lesson, task)."""
    rows = connection.execute("SELECT pack, lesson, tasks FROM lessons")
    return {
        (pack, lesson, task): title
        for pack, lesson, tasks in rows
        for task, title in json.loads(tasks).items()
    }


def version_of(connection: sqlite3.Connection, pack: str) -> int:
    """Name the version of a pack that lessons are shown from; 0 when it is not installed."""
    row = connection.execute("SELECT version FROM packs WHERE pack = ?", (pack,)).fetchone()
    return int(row[0]) if row else 0


def fill(
    connection: sqlite3.Connection, pack: Pack, titles: Mapping[Tuple[str, str], Text]
) -> None:
    """Put a pack's lessons into the index in place of an older version's; one transaction.

    ``titles`` are the tasks' by (lesson, task).
    """
    connection.execute("DELETE FROM lessons WHERE pack = ?", (pack.id,))
    connection.execute("INSERT OR REPLACE INTO packs VALUES (?, ?)", (pack.id, pack.version))
    connection.executemany(
        "INSERT INTO lessons (pack, place, lesson, video_ready, card, tasks)"
        " VALUES (?, ?, ?, 0, ?, ?)",
        _rows(pack, titles),
    )


def note_videos(connection: sqlite3.Connection, pack: str, ready: Iterable[str]) -> None:
    """Note which lessons' videos are on the disk."""
    connection.execute("UPDATE lessons SET video_ready = 0 WHERE pack = ?", (pack,))
    connection.executemany(
        "UPDATE lessons SET video_ready = 1 WHERE pack = ? AND lesson = ?",
        [(pack, lesson) for lesson in ready],
    )


def forget(connection: sqlite3.Connection, pack: str) -> None:
    """Take a pack out of the index."""
    connection.execute("DELETE FROM lessons WHERE pack = ?", (pack,))
    connection.execute("DELETE FROM packs WHERE pack = ?", (pack,))


def _rows(
    pack: Pack, titles: Mapping[Tuple[str, str], Text]
) -> Iterable[Tuple[str, int, str, str, str]]:
    for place, entry in enumerate(pack.lessons, 1):
        card = {
            "title": dict(entry.title),
            "summary": dict(entry.summary),
            "subject": pack.subject,
            "grade": pack.grade,
            "minutes": entry.minutes,
            "has_video": entry.has_video,
            "task_ids": list(entry.task_ids),
            "pack_title": dict(pack.title),
        }
        tasks = {task: dict(titles.get((entry.id, task), {})) for task in entry.task_ids}
        yield pack.id, place, entry.id, _json(card), _json(tasks)


def _card(row: Tuple[str, int, int, str, int, str]) -> LessonCard:
    pack, version, place, lesson, video_ready, card = row
    values: Dict[str, Any] = json.loads(card)
    values["task_ids"] = tuple(values["task_ids"])
    return LessonCard(
        pack=pack,
        version=version,
        lesson=lesson,
        place=place,
        video_ready=bool(video_ready),
        **values,
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
