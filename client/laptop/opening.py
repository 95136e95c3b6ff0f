"""Opening keruen.db, whatever happened to it."""

from __future__ import annotations

from pathlib import Path
from typing import Tuple

from client.laptop.database import NAME, Database
from client.laptop.errors import Fault
from client.laptop.lock import Busy, held
from client.laptop.problems import as_laptop_error, failure
from client.messages import Message
from sync.database import open_database as open_connection
from sync.errors import DatabaseError
from sync.schema import create_tables

REBUILT = NAME + ".rebuilt"


def open_database(folder: Path) -> Tuple[Database, Tuple[Message, ...]]:
    """Open the database of a folder, making or rebuilding it where needed.

    Gives what there is to tell about a rebuilding. Raises LaptopError when the disk refuses or
    a newer programme wrote the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notices: Tuple[Message, ...] = ()
    path = folder / NAME
    try:
        if (folder / REBUILT).exists():
            from client.laptop.salvage import put_in_place

            put_in_place(folder)
        if path.exists() and _damaged(path):
            notices = (_rebuilt(folder),)
        database = Database(path)
        database.create()
        create_tables(database.connection)
    except DatabaseError as error:
        raise as_laptop_error(error) from error
    return database, notices


def _rebuilt(folder: Path) -> Message:
    from client.laptop.salvage import rebuild

    try:
        # Two programmes that find the damage together must not both put files aside.
        with held(folder / "open.lock"):
            return rebuild(folder)
    except Busy as error:
        raise failure("database-busy", Fault.YOUR_DATA) from error
    except OSError as error:
        raise as_laptop_error(error) from error


def _damaged(path: Path) -> bool:
    """Read the file's structure once; a damaged page must be found before it is written to."""
    try:
        open_connection(path, check=True).close()
    except DatabaseError as error:
        if error.code != "database-damaged":
            raise
        return True
    return False
