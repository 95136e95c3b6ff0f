"""Letters in SQLite: the last one of each device, and what the replies said."""

from __future__ import annotations

import json
import sqlite3
import struct
from typing import Any, Iterator, Optional, Tuple

from sync.record import Head
from sync_server.store.letter_protocol import LetterHead, SentReply

KEPT_REPLIES = 64
"""Replies to one box whose state is known: more than sticks that travel at the same time."""
_COLUMNS = "device, letter, digest, first_seq, head_seq, head_hash, cursor, catalogues, messages"
_LENGTH = struct.Struct(">I")


def letter_tables(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.execute(
        "CREATE TABLE letter_heads (device TEXT PRIMARY KEY, letter TEXT NOT NULL,"
        " digest BLOB NOT NULL, first_seq INTEGER NOT NULL, head_seq INTEGER NOT NULL,"
        " head_hash BLOB NOT NULL, cursor TEXT NOT NULL, catalogues TEXT NOT NULL,"
        " messages BLOB NOT NULL) WITHOUT ROWID"
    )
    connection.execute(
        "CREATE TABLE letter_replies (box TEXT NOT NULL, number INTEGER NOT NULL,"
        " name TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY (box, number)) WITHOUT ROWID"
    )


class LetterTables:
    """See :class:`sync_server.store.letter_protocol.LetterRows`."""

    _connection: sqlite3.Connection

    def letter_heads(self) -> Tuple[LetterHead, ...]:
        """See :class:`LetterRows`."""
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM letter_heads ORDER BY device")
        return tuple(map(_head, rows))

    def letter_head(self, device_id: str) -> Optional[LetterHead]:
        """See :class:`LetterRows`."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM letter_heads WHERE device = ?", (device_id,)
        ).fetchone()
        return _head(row) if row else None

    def set_letter_head(self, head: LetterHead) -> None:
        """See :class:`LetterRows`."""
        self._connection.execute(
            f"INSERT OR REPLACE INTO letter_heads ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                head.device,
                head.letter,
                head.digest,
                head.first_seq,
                head.head.seq,
                head.head.hash,
                head.cursor,
                json.dumps(dict(head.catalogues)),
                b"".join(_LENGTH.pack(len(one)) + one for one in head.messages),
            ),
        )

    def forget_letter_head(self, device_id: str) -> None:
        """See :class:`LetterRows`."""
        self._connection.execute("DELETE FROM letter_heads WHERE device = ?", (device_id,))

    def last_reply_number(self, box: str) -> int:
        """See :class:`LetterRows`."""
        query = "SELECT coalesce(max(number), 0) FROM letter_replies WHERE box = ?"
        return int(self._connection.execute(query, (box,)).fetchone()[0])

    def note_reply(self, reply: SentReply) -> None:
        """See :class:`LetterRows`."""
        self._connection.execute(
            "INSERT OR REPLACE INTO letter_replies VALUES (?, ?, ?, ?)",
            (reply.box, reply.number, reply.name, reply.state),
        )
        self._connection.execute(
            "DELETE FROM letter_replies WHERE box = ? AND number <= ?",
            (reply.box, reply.number - KEPT_REPLIES),
        )

    def reply(self, box: str, number: int) -> Optional[SentReply]:
        """See :class:`LetterRows`."""
        row = self._connection.execute(
            "SELECT box, number, name, state FROM letter_replies WHERE box = ? AND number = ?",
            (box, number),
        ).fetchone()
        return SentReply(*row) if row else None


def _head(row: Tuple[Any, ...]) -> LetterHead:
    device, letter, digest, first_seq, seq, head_hash, cursor, catalogues, messages = row
    return LetterHead(
        device,
        letter,
        digest,
        first_seq,
        Head(seq, head_hash),
        cursor,
        json.loads(catalogues),
        tuple(_messages(messages)),
    )


def _messages(joined: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(joined):
        (size_bytes,) = _LENGTH.unpack_from(joined, at)
        at += _LENGTH.size
        yield joined[at : at + size_bytes]
        at += size_bytes
