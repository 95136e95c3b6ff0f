"""Opening the SQLite file that journals live in, so that what is committed is on the disk.

WAL with ``synchronous=FULL``: every commit is fsynced before it returns (law 1). The connection is
a plain ``sqlite3`` one in autocommit mode: importing sqlite-utils takes longer than drawing the
first screen.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Iterator

from sync.errors import DatabaseError

BUSY_TIMEOUT_MS = 10_000


def open_database(
    path: Path, *, check: bool = False, any_thread: bool = False
) -> sqlite3.Connection:
    """Open or make the database at ``path``; its folder must exist.

    ``check`` reads every page first, for the start after a failure. ``any_thread`` lets the
    connection be handed to another thread; the caller then sees to it that one uses it at a time.

    Raises:
        DatabaseError: ``database-damaged``, ``database-busy`` or ``disk-failed``, naming the file.
        The file
            is left as it is.
    """
    with _translated(path):
        db = sqlite3.connect(
            str(path),
            timeout=BUSY_TIMEOUT_MS / 1000,
            isolation_level=None,
            check_same_thread=not any_thread,
        )
        try:
            _prepare(db, check)
        except BaseException:
            db.close()
            raise
        return db


def _prepare(db: sqlite3.Connection, check: bool) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if check:
        finding = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if finding != "ok":
            raise sqlite3.DatabaseError(finding)


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        busy = "locked" in str(error) or "busy" in str(error)
        raise DatabaseError("database-busy" if busy else "disk-failed", str(path)) from error
    except sqlite3.DatabaseError as error:
        raise DatabaseError("database-damaged", str(path)) from error


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Run a block in one transaction; inside an open one, join it.

    Whoever opened the outermost transaction commits it, so a draft's removal and its record's
    writing happen together or not at all.
    """
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # SQLite has rolled back by itself where the disk was full.
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
