"""Opening the SQLite file that journals live in, so that what is committed is on the disk.

WAL with ``synchronous=FULL``: every commit is fsynced before it returns (law 1). The connection is
a plain ``sqlite3`` one in autocommit mode: importing sqlite-utils takes longer than drawing the
first screen.

On a stick there is no write-ahead log: its index is memory that the system backs with the stick's
own blocks, and a programme that touches it when the stick was pulled out is killed. A rollback
journal is plain writes, each commit as much on the medium, and it is overwritten in place rather
than made and removed, which spares a stick's directory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Iterator, Type

from sync.errors import DatabaseError

BUSY_TIMEOUT_MS = 10_000


def open_database(
    path: Path,
    *,
    check: bool = False,
    any_thread: bool = False,
    on_stick: bool = False,
    factory: Type[sqlite3.Connection] = sqlite3.Connection,
) -> sqlite3.Connection:
    """Open or make the database at ``path``; its folder must exist.

    ``check`` reads every page first, for the start after a failure. ``any_thread`` lets the
    connection be handed to another thread; the caller then sees to it that one uses it at a time.
    ``on_stick`` keeps it so that the medium may be pulled out at any moment. ``factory`` makes the
    connection.

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
            factory=factory,
        )
        try:
            _prepare(db, check, on_stick)
        except BaseException:
            db.close()
            raise
        return db


def _prepare(db: sqlite3.Connection, check: bool, on_stick: bool) -> None:
    if on_stick:
        _without_log(db)
    else:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA foreign_keys=ON")
    # What is deleted or replaced is overwritten: somebody's answers, a child's name.
    db.execute("PRAGMA secure_delete=ON")
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if check:
        finding = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if finding != "ok":
            raise sqlite3.DatabaseError(finding)


def _without_log(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA mmap_size=0")
    # Nothing of ours is left on the machine that the stick is in.
    db.execute("PRAGMA temp_store=MEMORY")
    try:
        db.execute("PRAGMA journal_mode=PERSIST")
    except sqlite3.OperationalError:
        # Another programme that does not know this to be a stick has it open with a log.
        db.execute("PRAGMA journal_mode=WAL")


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        busy = "locked" in str(error) or "busy" in str(error)
        raise DatabaseError("database-busy" if busy else "disk-failed", str(path)) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # SQLite quotes a damaged table's name, which may be no text any more.
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


MIN_GIVEN_BACK_BYTES = 1 << 20


def give_back(db: sqlite3.Connection, free_bytes: int) -> bool:
    """Give a database's unused pages back to the disk; return whether that was done.

    The file is written anew, atomically: that takes twice its size for a moment, so it is done only
    where the disk has that much (``free_bytes``), and where it brings something. Outside of a
    transaction.

    Raises:
        sqlite3.Error: it could not be done; the database is as it was.
    """
    pages, unused, page_bytes = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    worth_it = unused * page_bytes >= MIN_GIVEN_BACK_BYTES and 4 * unused >= pages
    if not worth_it or free_bytes < 2 * pages * page_bytes + MIN_GIVEN_BACK_BYTES:
        return False
    db.execute("VACUUM")
    # In WAL mode the new file lies in the log until it is copied.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return True
