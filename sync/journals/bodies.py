"""How records' bodies lie in a database: in clear, or locked by whoever keeps the keys.

A body that cannot be read now is as good as absent to every reader, and stays where it is: it is
counted, kept and sent on (``sync.exchanges.outbox``), but never shown.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Optional, Protocol, Union

from sync.record import Record

if TYPE_CHECKING:
    from sync.journals.journal import Journal

Stored = Union[str, bytes]
"""The JSON text of a body; or bytes, which only a keeper of keys turns into it."""


class Bodies(Protocol):
    """What stands between records and the columns that their bodies are kept in.

    Every call joins the connection's open transaction.
    """

    def lock(self, db: sqlite3.Connection, record: Record, text: str) -> Stored:
        """Return what to keep for a record's body, whose JSON is ``text``."""
        ...

    def unlock(self, db: sqlite3.Connection, record: Record, stored: Stored) -> Optional[str]:
        """Return a body's JSON; None where nobody who may read it is here. Its body is empty."""
        ...

    def same(self, stored: Stored, text: str) -> bool:
        """Tell by its length whether a body that cannot be read now may be this one."""
        ...

    def written(self, db: sqlite3.Connection, journal: Journal) -> None:
        """Take note that a journal grew, before the transaction ends."""
        ...


class PlainBodies:
    """Bodies in clear."""

    def lock(self, _db: sqlite3.Connection, _record: Record, text: str) -> Stored:
        """Keep a body as it is."""
        return text

    def unlock(self, _db: sqlite3.Connection, _record: Record, stored: Stored) -> Optional[str]:
        """Return a body; None for what somebody locked."""
        return stored if isinstance(stored, str) else None

    def same(self, _stored: Stored, _text: str) -> bool:
        """Tell of nothing that it would be the same."""
        return False

    def written(self, _db: sqlite3.Connection, _journal: Journal) -> None:
        """Do nothing: what is in clear can always be sent."""


PLAIN: Bodies = PlainBodies()


def outline(device: str, seq: int, time: int, person: str, kind: str) -> Record:
    """Return a record without its body: what of a locked one lies in clear."""
    return Record(device, seq, time, person, kind, {})


def readable(
    db: sqlite3.Connection, bodies: Bodies, written: Record, stored: Stored
) -> Optional[Record]:
    """Return a record whose outline is ``written``, with its body.

    None where that is locked, or where the disk damaged it: it must not hide the others.
    """
    body = loaded(bodies.unlock(db, written, stored))
    return None if body is None else replace(written, body=body)


def loaded(text: Optional[str]) -> Optional[Any]:
    """Return the body that a text holds; None where it is not there or the disk damaged it."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
