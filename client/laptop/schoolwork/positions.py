"""How far people came in lessons, as far as this laptop alone knows it.

What travels is a record (``sync.kinds.PROGRESS``). Whoever has a vault has these locked, too: a
locked position lies as bytes where the seconds would be, with whether the lesson was seen inside.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from typing import Dict, Tuple

from client.laptop.packs.lessons import Progress
from client.vaults.locked_bodies import LockedBodies

LessonKey = Tuple[str, str]


def load(
    connection: sqlite3.Connection, person: str, bodies: LockedBodies
) -> Dict[LessonKey, Progress]:
    """Look up a person's positions by (pack, lesson), as far as they can be read now."""
    rows = connection.execute(
        "SELECT pack, lesson, position_s, seen, time_ms FROM progress WHERE person = ?", (person,)
    ).fetchall()
    found: Dict[LessonKey, Progress] = {}
    for pack, lesson, stored, in_clear, time_ms in rows:
        position_s, seen = stored, in_clear
        if isinstance(stored, bytes):
            text = bodies.unlock_text(connection, stored, _bound(person, (pack, lesson)))
            if text is None:
                continue
            position_s, seen = json.loads(text)
        with contextlib.suppress(TypeError, ValueError):
            found[pack, lesson] = Progress(float(position_s), bool(seen), int(time_ms))
    return found


def save(
    connection: sqlite3.Connection,
    person: str,
    lesson: LessonKey,
    progress: Progress,
    bodies: LockedBodies,
) -> None:
    """Keep a position in place of what was there, locked where its person has a vault."""
    text = json.dumps([progress.position_s, progress.seen])
    stored = bodies.lock_text(connection, person, text, _bound(person, lesson))
    locked = isinstance(stored, bytes)
    connection.execute(
        "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?)",
        (
            person,
            *lesson,
            stored if locked else progress.position_s,
            False if locked else progress.seen,
            progress.time_ms,
        ),
    )


def lock_up(connection: sqlite3.Connection, person: str, bodies: LockedBodies) -> None:
    """Lock what lies there in clear, in the caller's transaction."""
    for lesson, progress in load(connection, person, bodies).items():
        save(connection, person, lesson, progress, bodies)


def _bound(person: str, lesson: LessonKey) -> str:
    return "position " + json.dumps([person, *lesson])
