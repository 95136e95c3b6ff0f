"""The codes of sealed tests that the school's server has sent, as it does when it is time."""

from __future__ import annotations

import sqlite3
from typing import Tuple

from sync.journals.inbox import Inbox
from sync.kinds import OPENING


def codes(connection: sqlite3.Connection, pack: str, lesson: str, task: str) -> Tuple[str, ...]:
    """List the codes that came for a task, the newest first, each once."""
    found = [
        str(record.body["code"])
        for record in Inbox(connection).of_kind(OPENING)
        if [record.body.get(name) for name in ("pack", "lesson", "task")] == [pack, lesson, task]
        and "code" in record.body
    ]
    return tuple(dict.fromkeys(reversed(found)))
