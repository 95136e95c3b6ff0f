"""What this disk remembers of the letters it wrote: what each said, and whether it was answered.

A reply's mark counts only where this disk asked (see ``correspondence``), so the digests of the
requests are here. Rows are few and small; what a forgotten letter's reply brings is used all the
same, but for its mark.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Optional, Tuple

from sync import fields
from sync.database import transaction
from sync.errors import MessageError
from sync.message import DIGEST_BYTES, Kind
from sync.schema import create_tables

KEPT_LETTERS = 256
"""So many letters are remembered, the last ones: weeks of several visits a day."""


@dataclass(frozen=True)
class SentMessage:
    """One message of a letter: who signed it, and the digest by which an answer names it.

    ``child`` is the branch that a claim was about, empty for anything else.
    """

    kind: Kind
    digest: bytes
    signer: str
    child: str = ""


@dataclass(frozen=True)
class SentLetter:
    """A letter that this disk wrote: as ``device``, with records up to ``last_seq`` of its journal.

    ``up`` and ``own`` are the names (16 hex digits) of its two files, ``own`` empty where there was
    nothing to copy. ``state`` names all that the letter said. ``offered`` are names and sizes of
    attached files, ``wanted`` names, in the order of the letter's offer.
    """

    number: int
    device: str
    up: str
    own: str
    last_seq: int
    state: bytes
    messages: Tuple[SentMessage, ...]
    offered: Tuple[Tuple[str, int], ...] = ()
    wanted: Tuple[str, ...] = ()
    answered: bool = False


class LetterBook:
    """The table of letters in a database, whose open transaction every method joins."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Open the table, making it where it is missing.

        Raises:
            DatabaseError: ``database-newer``.
        """
        create_tables(db)
        self._db = db

    def add(self, letter: SentLetter) -> None:
        """Write a letter down before it leaves; ``number`` is given here. Forget the oldest."""
        with transaction(self._db):
            found = self._db.execute(
                "INSERT INTO sync_letter (device, up, own, last_seq, state, content)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    letter.device,
                    letter.up,
                    letter.own,
                    letter.last_seq,
                    letter.state,
                    _content_to_json(letter),
                ),
            )
            oldest = (found.lastrowid or 0) - KEPT_LETTERS
            self._db.execute("DELETE FROM sync_letter WHERE number <= ?", (oldest,))

    def find(self, up: str) -> Optional[SentLetter]:
        """Return the letter whose up file has a name; None for one that this disk did not write."""
        return next(iter(self._read("up = ?", (up,))), None)

    def among(self, names: Iterable[str]) -> List[SentLetter]:
        """Return the letters whose up or own file has one of these names, the oldest first."""
        named = set(names) - {""}
        rows = self._db.execute("SELECT up, own FROM sync_letter ORDER BY number").fetchall()
        found = [up for up, own in rows if up in named or own in named]
        return [letter for up in found for letter in self._read("up = ?", (up,))]

    def note_answered(self, up: str) -> None:
        """Note that a reply to a letter was applied."""
        self._db.execute("UPDATE sync_letter SET answered = 1 WHERE up = ? AND answered = 0", (up,))

    def _read(self, condition: str, values: Tuple[str, ...]) -> List[SentLetter]:
        rows = self._db.execute(
            "SELECT number, device, up, own, last_seq, state, answered, content FROM sync_letter"
            f" WHERE {condition} ORDER BY number",
            values,
        ).fetchall()
        found = []
        for number, device, up, own, last_seq, state, answered, content in rows:
            # A row that the disk damaged is as good as forgotten.
            with contextlib.suppress(ValueError, TypeError, KeyError, MessageError):
                letter = SentLetter(
                    number=number,
                    device=device,
                    up=up,
                    own=own,
                    last_seq=last_seq,
                    state=state,
                    answered=bool(answered),
                    **_content_from_json(content),
                )
                found.append(letter)
        return found


def _content_to_json(letter: SentLetter) -> str:
    messages = [
        [int(one.kind), fields.to_text(one.digest), one.signer, one.child]
        for one in letter.messages
    ]
    value = {"m": messages, "o": [list(one) for one in letter.offered], "w": list(letter.wanted)}
    return json.dumps(value, separators=(",", ":"))


def _content_from_json(text: str) -> Dict[str, Any]:
    value = json.loads(text)
    return {
        "messages": tuple(
            SentMessage(Kind(kind), fields.binary(digest, "digest", DIGEST_BYTES), signer, child)
            for kind, digest, signer, child in value["m"]
        ),
        "offered": tuple((name, size_bytes) for name, size_bytes in value["o"]),
        "wanted": tuple(value["w"]),
    }
