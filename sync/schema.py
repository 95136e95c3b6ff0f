"""The tables of this package, inside whatever database they are put.

``sync_meta`` holds the format's number. Tables are keyed by device, since one file may come to hold
several journals of its own (a journal that forked goes on under a new identity).
"""

from __future__ import annotations

import sqlite3
from typing import Any, Dict, Mapping

from sync.database import transaction
from sync.errors import DatabaseError

FORMAT = 6
"""2 added ``sync_identity`` and ``sync_inbox_branch``; what 1 had is as it was. From 3 on, rows of
``sync_journal`` with an empty body are those of records that left (``compaction``). From 4 on,
an inbox has the times with which records were ``written``; ``time`` is what servers once told
beside them, and is not read any more (``journals.dating``). 5 added ``sync_letter``, 6
``sync_outbox``, and bodies that are locked (bytes in place of text)."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS sync_journal_kind ON sync_journal (kind, person)",
    """CREATE TABLE IF NOT EXISTS sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_refused (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_inbox (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, written INTEGER NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS sync_inbox_kind ON sync_inbox (kind, time)",
    # What came under a number that another branch's record had taken before. The key's columns come
    # first: SQLite 3.40 finds fault with a sound table where they do not.
    """CREATE TABLE IF NOT EXISTS sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, written INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (device, seq, written, person, kind, body)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_identity (
        device TEXT PRIMARY KEY, secret BLOB NOT NULL, parent TEXT NOT NULL DEFAULT '',
        adopted INTEGER, shared_seq INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    # Of two letters the later one has the larger number: only the oldest are ever deleted.
    """CREATE TABLE IF NOT EXISTS sync_letter (
        number INTEGER PRIMARY KEY, device TEXT NOT NULL, up TEXT NOT NULL,
        own TEXT NOT NULL, last_seq INTEGER NOT NULL, state BLOB NOT NULL, content TEXT NOT NULL,
        answered INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE IF NOT EXISTS sync_outbox (
        device TEXT NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
        message BLOB NOT NULL, PRIMARY KEY (device, first_seq)) WITHOUT ROWID""",
)

_TO_4 = (
    "ALTER TABLE sync_inbox ADD COLUMN written INTEGER NOT NULL DEFAULT 0",
    "UPDATE sync_inbox SET written = time",
    # Own records that came back with the time that counts: the journal has the other one.
    """UPDATE sync_inbox AS i SET written = (SELECT time FROM sync_journal j
        WHERE j.device = i.device AND j.seq = i.seq)
        WHERE EXISTS (SELECT 1 FROM sync_journal j WHERE j.device = i.device AND j.seq = i.seq
        AND j.person = i.person AND j.kind = i.kind AND j.body = i.body AND j.time > i.time)""",
    # Format 1 had no such table.
    "CREATE TABLE IF NOT EXISTS sync_inbox_branch (device, seq, time, person, kind, body)",
    "ALTER TABLE sync_inbox_branch RENAME TO sync_inbox_branch_3",
    *_TABLES,
    "INSERT INTO sync_inbox_branch SELECT device, seq, time, person, kind, body, time"
    " FROM sync_inbox_branch_3",
    "DROP TABLE sync_inbox_branch_3",
)


def create_tables(db: sqlite3.Connection) -> None:
    """Make what is missing; do nothing to a database that has it all.

    Raises:
        DatabaseError: ``database-newer`` when a newer program wrote these tables.
    """
    found = stored_format(db)
    if found == FORMAT:
        return
    with transaction(db):
        for statement in _TO_4 if 0 < found < 4 else _TABLES:
            db.execute(statement)
        db.execute("INSERT OR REPLACE INTO sync_meta VALUES ('format', ?)", (FORMAT,))


def stored_format(db: sqlite3.Connection) -> int:
    """Return the format's number in a database, 0 where the tables are not there yet."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sync_meta'"
    if db.execute(query).fetchone() is None:
        return 0
    row = db.execute("SELECT value FROM sync_meta WHERE key = 'format'").fetchone()
    found = int(row[0]) if row else 0
    if found > FORMAT:
        raise DatabaseError("database-newer", f"format {found}, known are those up to {FORMAT}")
    return found


def brought_forward(table: str, row: Mapping[str, Any]) -> Dict[str, Any]:
    """Return a row that was saved from a table of an older format as this format has it."""
    if table in ("sync_inbox", "sync_inbox_branch") and "written" not in row:
        return {**row, "written": row["time"]}
    return dict(row)
