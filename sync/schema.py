"""The tables of this package, inside whatever database they are put.

``sync_meta`` holds the format's number. Tables are keyed by device, since one file may come to hold
several journals of its own (a journal that forked goes on under a new identity).
"""

from __future__ import annotations

import sqlite3

from sync.database import transaction
from sync.errors import DatabaseError

FORMAT = 3
"""2 added ``sync_identity`` and ``sync_inbox_branch``; what 1 had is as it was. From 3 on, rows of
``sync_journal`` with an empty body are those of records that left (``sync.compaction``)."""

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
        kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS sync_inbox_kind ON sync_inbox (kind, time)",
    # What came under a number that another branch's record had taken before.
    """CREATE TABLE IF NOT EXISTS sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, seq, person, kind, body)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_identity (
        device TEXT PRIMARY KEY, secret BLOB NOT NULL, parent TEXT NOT NULL DEFAULT '',
        adopted INTEGER, shared_seq INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID""",
)


def create_tables(db: sqlite3.Connection) -> None:
    """Make what is missing; do nothing to a database that has it all.

    Raises:
        DatabaseError: ``database-newer`` when a newer program wrote these tables.
    """
    if stored_format(db) == FORMAT:
        return
    with transaction(db):
        for statement in _TABLES:
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
