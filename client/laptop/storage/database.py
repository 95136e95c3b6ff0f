"""keruen.db: one SQLite file, and a connection for every thread that asks.

A connection of its own lets each thread read what is committed while another one writes (WAL mode),
so that the window never waits for a running sync. How a connection is opened, and that a commit
is on the disk before it returns, is `sync.database`'s doing.

On a stick there is no such log (see there), so a read may wait for a commit. When the stick was
pulled out and put in again, connections are opened anew: the system has let go of the old ones.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from client.folders import PORTABLE_MARK
from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import failure
from client.laptop.storage.schema import SCHEMA_VERSION, STEPS
from client.laptop.storage.stick_connection import StickConnection
from sync.database import open_database
from sync.database import transaction as joined_transaction
from sync.errors import DatabaseError
from sync.sticks.drives import may_be_pulled_out

NAME = "keruen.db"


def lies_on_stick(folder: Path) -> bool:
    """Tell whether a laptop's folder may be pulled out: it is portable, or the system says so."""
    return (folder.parent / PORTABLE_MARK).is_file() or may_be_pulled_out(folder)


class Database:
    """Connections to one database file; for any number of threads and processes."""

    def __init__(self, path: Path, on_stick: Optional[bool] = None) -> None:
        self.path = path
        self._on_stick = lies_on_stick(path.parent) if on_stick is None else on_stick
        self._lost = 0
        self._local = threading.local()
        self._opened: List[Tuple[threading.Thread, sqlite3.Connection]] = []
        self._guard = threading.Lock()

    @property
    def connection(self) -> sqlite3.Connection:
        """The asking thread's connection, in autocommit mode outside `transaction`.

        Raises sync.errors.DatabaseError; LaptopError ``stick-gone`` when the stick with the data
        was pulled out, as does what is read over it.
        """
        known: Optional[sqlite3.Connection] = getattr(self._local, "connection", None)
        if known is not None and (self._local.lost == self._lost or known.in_transaction):
            return known
        # Opened for any thread only so that close() may close what an ended thread left.
        connection = self._open()
        # One damaged letter in a text must not keep the rows around it from being read.
        connection.text_factory = _text
        self._local.connection, self._local.lost = connection, self._lost
        with self._guard:
            self._opened.append((threading.current_thread(), connection))
        return connection

    def _open(self) -> sqlite3.Connection:
        if not self._on_stick:
            return open_database(self.path, any_thread=True)
        try:
            connection = open_database(
                self.path, any_thread=True, on_stick=True, factory=StickConnection
            )
        except DatabaseError as error:
            if error.code == "disk-failed" and self._lost:
                raise self._refused(str(error)) from error
            raise
        if isinstance(connection, StickConnection):
            connection.refused = self._refused
        return connection

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of the block or none of it; on the disk when the block ends.

        Raises LaptopError ``disk-full``, ``disk-error``, ``stick-gone`` or ``database-damaged``.
        """
        connection = self.connection
        with said_plainly(), joined_transaction(connection):
            yield connection

    def _refused(self, detail: str) -> LaptopError:
        """Tell whether the stick was pulled out; open every thread's connection anew after that."""
        self._lost += 1
        code = "disk-error" if self._is_there() else "stick-gone"
        return failure(code, Fault.YOUR_DATA, detail)

    def _is_there(self) -> bool:
        try:
            return self.path.exists()
        except OSError:
            return False

    def create(self) -> None:
        """Bring the laptop's tables up to date; safe against a second process.

        Raises sync.errors.DatabaseError ``database-newer``.
        """
        version = _version(self.connection)
        if version > SCHEMA_VERSION:
            raise DatabaseError(
                "database-newer", f"{self.path}: version {version}, known up to {SCHEMA_VERSION}"
            )
        if version == SCHEMA_VERSION:
            return
        with self.transaction() as connection:
            # executescript would commit on its own; the tables and the version go together.
            for step in STEPS[_version(connection) :]:
                for statement in step.split(";"):
                    if statement.strip():
                        connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def close(self) -> None:
        """Close the asking thread's connection and those of threads that have ended.

        A thread that still runs (a sync before a hanging link, when the window closes) keeps its
        own: to close it under a running statement would not be safe.
        """
        here = threading.current_thread()
        with self._guard:
            kept = []
            for thread, connection in self._opened:
                if thread is here or not thread.is_alive():
                    connection.close()
                else:
                    kept.append((thread, connection))
            self._opened = kept
        self._local.connection = None


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what the disk refuses into errors that a person can be told."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "full" in text:
            raise failure("disk-full", Fault.YOUR_DATA, text) from error
        if "locked" in text or "busy" in text:
            raise failure("database-busy", Fault.YOUR_DATA, text) from error
        if any(sign in text for sign in ("disk I/O", "unable to open", "readonly")):
            raise failure("disk-error", Fault.YOUR_DATA, text) from error
        raise
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as error:
        raise failure("database-damaged", Fault.YOUR_DATA, str(error)) from error


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
