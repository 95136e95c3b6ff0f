"""Answers not yet handed in. They are on the disk when a call returns."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Dict, FrozenSet, NamedTuple, Optional, Tuple

from client.laptop.works import Answers


class DraftKey(NamedTuple):
    """Whose answers to what."""

    person: str
    pack: str
    lesson: str
    task: str


def load(connection: sqlite3.Connection, key: DraftKey) -> Optional[Dict[str, Any]]:
    """Look a draft up; None when there is none (an empty draft is one)."""
    row = connection.execute(
        "SELECT answers FROM drafts WHERE person = ? AND pack = ? AND lesson = ? AND task = ?", key
    ).fetchone()
    if row is None:
        return None
    answers: Dict[str, Any] = json.loads(row[0])
    return answers


def attempt_of(connection: sqlite3.Connection, key: DraftKey) -> Optional[int]:
    """Look up which attempt a draft belongs to; None when there is no draft."""
    row = connection.execute(
        "SELECT attempt FROM drafts WHERE person = ? AND pack = ? AND lesson = ? AND task = ?", key
    ).fetchone()
    return None if row is None else max(1, int(row[0]))


def of_person(connection: sqlite3.Connection, person: str) -> FrozenSet[Tuple[str, str, str]]:
    """List the tasks a person has a draft of, as (pack, lesson, task)."""
    rows = connection.execute("SELECT pack, lesson, task FROM drafts WHERE person = ?", (person,))
    return frozenset((pack, lesson, task) for pack, lesson, task in rows)


def save(
    connection: sqlite3.Connection, key: DraftKey, answers: Answers, time_ms: int, attempt: int = 1
) -> None:
    """Keep answers in place of what was there."""
    connection.execute(
        "INSERT OR REPLACE INTO drafts (person, pack, lesson, task, answers, time_ms, attempt)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, json.dumps(answers, ensure_ascii=False), time_ms, attempt),
    )


def remove(connection: sqlite3.Connection, key: DraftKey) -> None:
    """Forget a draft, there or not."""
    connection.execute(
        "DELETE FROM drafts WHERE person = ? AND pack = ? AND lesson = ? AND task = ?", key
    )
