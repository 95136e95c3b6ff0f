"""The store in one SQLite file: nothing to install, and lasting when it says so.

Write-ahead logging with ``synchronous=FULL`` syncs the log at every commit, so an answer that is
made after a commit outlives a power cut (https://www.sqlite.org/wal.html, section 2.2).
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Sequence

from sync.record import MAX_SEQ
from sync_server.disk.levels import is_full
from sync_server.errors import DataFolderError
from sync_server.store.model import NewRecord
from sync_server.store.schema import STEPS, bring_up_to_date, version_of
from sync_server.store.sqlite_attachments import AttachmentTables
from sync_server.store.sqlite_branches import BranchTables
from sync_server.store.sqlite_journals import JournalTables
from sync_server.store.sqlite_letters import LetterTables
from sync_server.store.sqlite_nights import NightTables
from sync_server.store.sqlite_relays import RelayTables
from sync_server.store.sqlite_school import SchoolTables

BUSY_TIMEOUT_S = 20.0
"""How long a command and a running server wait for each other's transaction."""


class SqliteTransaction(
    SchoolTables,
    JournalTables,
    BranchTables,
    RelayTables,
    AttachmentTables,
    LetterTables,
    NightTables,
):
    """A transaction over one connection."""

    def add_records(self, records: Sequence[NewRecord]) -> None:
        """See :class:`sync_server.store.protocol.Transaction`."""
        super().add_records(records)
        self.note_carried(records)
        self.name_attachments(records)

    def forget_records(self, device_id: str, first_seq: int, last_seq: int = MAX_SEQ) -> None:
        """Forget records of one journal, with all that was noted about them."""
        span = (device_id, first_seq, last_seq)
        self.forget_carried(*span)
        self.forget_names(*span)
        self.delete_records(*span)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """See :class:`sync_server.store.protocol.Transaction`."""
        self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            # A full disk may have ended the whole transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO attempt")
                self._connection.execute("RELEASE attempt")
            raise
        self._connection.execute("RELEASE attempt")


def trouble(path: Path, error: sqlite3.Error) -> str:
    """Say what to do about an error of a database: on a full disk SQLite names odd ones."""
    if is_full(path.parent):
        return (
            f"The disk of {path.parent} is full: remove what does not belong to Keruen from it, "
            "and give the command again."
        )
    return f"{path}: {error}. What to do says: keruen-server doctor --data {path.parent}"


class SqliteStore:
    """A store in a SQLite file; threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        """Open ``path`` and bring its tables up to date.

        Raises:
            DataFolderError: the file cannot be opened, is no database or is a newer version's.
        """
        self._turn = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                str(path), timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self._prepare(path)
        except sqlite3.Error as error:
            raise DataFolderError(trouble(path, error)) from error

    def _prepare(self, path: Path) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        with self._begun():
            if version_of(self._connection) > len(STEPS):
                raise DataFolderError(
                    f"{path} was written by a newer keruen-server: install that version here."
                )
            bring_up_to_date(self._connection)

    @contextmanager
    def _begun(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk may have ended the transaction already, or left it open after COMMIT.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """Begin a transaction; see :class:`sync_server.store.protocol.Store`."""
        with self._turn, self._begun():
            yield SqliteTransaction(self._connection)

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, for whoever mends the file itself within a transaction."""
        return self._connection

    def backup(self, target: Path) -> None:
        """Copy the whole file to ``target`` while others go on using it.

        Raises:
            sqlite3.Error: the target cannot be written.
        """
        copy = sqlite3.connect(str(target))
        try:
            with self._turn:
                self._connection.backup(copy)
        finally:
            copy.close()

    def close(self) -> None:
        """Close the file; its log is folded into it."""
        with self._turn:
            self._connection.close()
