"""Opening keruen.db, whatever happened to it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Tuple

from client.laptop.errors import Fault
from client.laptop.problems import as_laptop_error, failure
from client.laptop.storage.chain import chain_is_whole
from client.laptop.storage.database import NAME, Database, lies_on_stick
from client.messages import Message
from sync.database import open_database as open_connection
from sync.errors import DatabaseError
from sync.lock import Busy, held
from sync.schema import create_tables

REBUILT = NAME + ".rebuilt"


def open_database(folder: Path) -> Tuple[Database, Tuple[Message, ...]]:
    """Open the database of a folder, making or rebuilding it where needed.

    Gives what there is to tell about a rebuilding. Raises LaptopError when the disk refuses or
    a newer programme wrote the file.
    """
    notices: Tuple[Message, ...] = ()
    path = folder / NAME
    try:
        # Other accounts of this computer have no business in it.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / REBUILT).exists():
            from client.laptop.storage.salvage import put_in_place

            put_in_place(folder)
        on_stick = lies_on_stick(folder)
        if path.exists() and is_damaged(path, on_stick):
            notices = (_rebuilt(folder),)
        database = Database(path, on_stick)
        database.create()
        create_tables(database.connection)
    except (DatabaseError, OSError) as error:
        raise as_laptop_error(error) from error
    return database, notices


def _rebuilt(folder: Path) -> Message:
    from client.laptop.storage.salvage import rebuild

    try:
        # Two programmes that find the damage together must not both put files aside.
        with held(folder / "open.lock"):
            return rebuild(folder)
    except Busy as error:
        raise failure("database-busy", Fault.YOUR_DATA) from error
    except OSError as error:
        raise as_laptop_error(error) from error


def is_damaged(path: Path, on_stick: bool = False) -> bool:
    """Look once at the file's structure, and at the contents that are nowhere else.

    A damaged page must be found before it is written to, and a damaged record before it is sent.
    Raises DatabaseError where the disk refuses.
    """
    try:
        connection = open_connection(path, check=True, on_stick=on_stick)
    except DatabaseError as error:
        if error.code != "database-damaged":
            raise
        return True
    try:
        return not _contents_whole(connection)
    finally:
        connection.close()


def _contents_whole(connection: sqlite3.Connection) -> bool:
    """Tell whether drafts, the index and records without a receipt are as they were written.

    Other records are at the school; one that cannot be read is left out where they are folded.
    """
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    try:
        if "lessons" in tables:
            for card, tasks in connection.execute("SELECT card, tasks FROM lessons"):
                json.loads(card), json.loads(tasks)
            in_clear = "SELECT answers FROM drafts WHERE typeof(answers) <> 'blob'"
            for (answers,) in connection.execute(in_clear):
                json.loads(answers)
        return "sync_receipt" not in tables or chain_is_whole(connection)
    except (sqlite3.Error, ValueError, TypeError):
        return False
