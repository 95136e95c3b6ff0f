"""Answers not yet handed in. They are on the disk when a call returns."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Dict, FrozenSet, NamedTuple, Optional, Tuple

from client.laptop.schoolwork.works import Answers
from client.vaults.locked_bodies import LockedBodies


class DraftKey(NamedTuple):
    """Whose answers to what."""

    person: str
    pack: str
    lesson: str
    task: str


def load(
    connection: sqlite3.Connection, key: DraftKey, bodies: LockedBodies
) -> Optional[Dict[str, Any]]:
    """Look a draft up; None when there is none (an empty draft is one), or none to be read now."""
    row = connection.execute(
        "SELECT answers FROM drafts WHERE person = ? AND pack = ? AND lesson = ? AND task = ?", key
    ).fetchone()
    if row is None:
        return None
    text = bodies.unlock_text(connection, row[0], bound(key))
    return None if text is None else dict(json.loads(text))


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


def names_file(connection: sqlite3.Connection, file: str, bodies: LockedBodies) -> bool:
    """Tell whether a draft that can be read now names an attached file.

    No other can: each file has a name that only whoever attached it knows.
    """
    rows = connection.execute("SELECT person, pack, lesson, task, answers FROM drafts")
    texts = (bodies.unlock_text(connection, row[4], bound(DraftKey(*row[:4]))) for row in rows)
    return any(file in text for text in texts if text is not None)


def save(
    connection: sqlite3.Connection,
    key: DraftKey,
    answers: Answers,
    time_ms: int,
    attempt: int,
    bodies: LockedBodies,
) -> None:
    """Keep answers in place of what was there."""
    text = json.dumps(answers, ensure_ascii=False)
    stored = bodies.lock_text(connection, key.person, text, bound(key))
    connection.execute(
        "INSERT OR REPLACE INTO drafts (person, pack, lesson, task, answers, time_ms, attempt)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, stored, time_ms, attempt),
    )


def bound(key: DraftKey) -> str:
    """Say what a draft's answers belong to, for locking them."""
    return "draft " + json.dumps(key)


def remove(connection: sqlite3.Connection, key: DraftKey) -> None:
    """Forget a draft, there or not."""
    connection.execute(
        "DELETE FROM drafts WHERE person = ? AND pack = ? AND lesson = ? AND task = ?", key
    )
