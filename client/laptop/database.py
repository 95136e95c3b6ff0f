"""keruen.db: one SQLite file, a connection for every thread, and no half-done writes.

WAL mode lets readers go on while a sync writes; ``synchronous=FULL`` has every commit on the
disk before it returns, which is what "saved" on a screen means.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Iterator, List

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.laptop.schema import SCHEMA, SCHEMA_VERSION

NAME = "keruen.db"
BUSY_TIMEOUT_S = 20.0


class Database:
    """Connections to one database file; safe to use from any number of threads and processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: List[sqlite3.Connection] = []
        self._guard = threading.Lock()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode outside `transaction`."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = connect(self.path)
            self._local.connection = connection
            with self._guard:
                self._all.append(connection)
        return connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of the block or none of it; on the disk when the block ends.

        The write lock is taken at once, so that what the block reads cannot change under it.
        Raises LaptopError ``disk-full`` or ``disk-error`` when the disk refuses.
        """
        connection = self.connection
        if connection.in_transaction:
            yield connection
            return
        with disk_errors():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def create(self) -> None:
        """Make the laptop's tables where they are missing; safe against a second process."""
        if _version(self.connection) >= SCHEMA_VERSION:
            return
        with self.transaction() as connection:
            if _version(connection) < SCHEMA_VERSION:
                # executescript would commit on its own; the tables and the version go together.
                for statement in SCHEMA.split(";"):
                    if statement.strip():
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def close(self) -> None:
        """Close the connections of all threads; their work must be done."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
        self._local = threading.local()


def connect(path: Path) -> sqlite3.Connection:
    """Open the file with the pragmas that the laws ask for."""
    connection = sqlite3.connect(
        str(path), timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def is_sound(path: Path) -> bool:
    """Tell whether SQLite can read the whole file's structure (``PRAGMA quick_check``)."""
    try:
        connection = connect(path)
    except sqlite3.DatabaseError as error:
        if is_trouble_of_disk(error):
            raise
        return False
    try:
        return connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError as error:
        if is_trouble_of_disk(error):
            raise
        return False
    finally:
        connection.close()


def is_trouble_of_disk(error: sqlite3.Error) -> bool:
    """Tell a full, locked or unreadable disk from a damaged file."""
    text = str(error)
    return any(sign in text for sign in ("full", "locked", "disk I/O", "unable to open", "readonly"))


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the disk refuses into errors that a person can be told."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = "disk-full" if "full" in str(error) else "disk-error"
        if not is_trouble_of_disk(error):
            raise
        raise failure(code, Fault.YOUR_DATA, str(error)) from error


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
