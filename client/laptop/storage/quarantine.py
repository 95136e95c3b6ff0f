"""What failed and was put aside, with its reason, until it succeeds or is withdrawn."""

from __future__ import annotations

import sqlite3
from typing import Tuple

from client.laptop.account import Problem
from client.laptop.errors import Fault
from client.laptop.problems import sentence_for


def put(connection: sqlite3.Connection, problem: Problem) -> None:
    """Put a thing aside, or renew the reason of one that is aside already."""
    connection.execute(
        "INSERT OR REPLACE INTO set_aside VALUES (?, ?, ?, ?)",
        (problem.subject, problem.code, problem.fault.value, problem.detail),
    )


def release(connection: sqlite3.Connection, subject: str) -> None:
    """Forget a reason: the thing is in order now."""
    connection.execute("DELETE FROM set_aside WHERE subject = ?", (subject,))


def listing(connection: sqlite3.Connection) -> Tuple[Problem, ...]:
    """List what is aside, by name."""
    rows = connection.execute("SELECT subject, code, fault, detail FROM set_aside ORDER BY subject")
    return tuple(
        Problem(code, Fault(fault), subject, sentence_for(code, subject), detail)
        for subject, code, fault, detail in rows
    )
