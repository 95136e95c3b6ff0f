"""The data folder: the keys, the database and every laptop's records in it."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import Iterator, List

from sync.identity import Identity
from sync_server.alone import alone
from sync_server.commands.output import counted
from sync_server.data_folder import DataFolder
from sync_server.doctor.finding import Finding, ill, mended, well
from sync_server.errors import DataFolderError, ServerError
from sync_server.verification import check_database, verify_database

FOLDER, DATABASE = "folder", "database"


def look_at_keys(folder: DataFolder, *, mend: bool) -> Iterator[Finding]:
    """Look at the folder and the secret keys; while one is ill, nothing else can be asked."""
    try:
        folder.identity()
    except DataFolderError as error:
        yield ill(FOLDER, str(error))
        return
    if not os.access(folder.root, os.W_OK):
        yield ill(FOLDER, f"{folder.root} cannot be written by whoever gave this command.")
        return
    if os.name != "nt" and folder.identity_path.stat().st_mode & 0o077:
        if not mend:
            said = f"Others on this computer can read the secret keys in {folder.identity_path}."
            yield ill(FOLDER, said, mendable=True)
            return
        folder.identity_path.chmod(0o600)
        yield mended(FOLDER, "The secret keys can be read by their owner alone again.")
        return
    yield well(FOLDER, f"The data folder {folder.root} and the server's keys are there.")


def look_at_database(folder: DataFolder, *, mend: bool) -> List[Finding]:
    """Read every page and every record; where only an index is damaged, make it anew."""
    identity = folder.identity()
    try:
        found = verify_database(folder.database, identity)
    except DataFolderError as error:
        return [_damaged(folder, identity, str(error), mend=mend)]
    except sqlite3.Error as error:
        return [_damaged(folder, identity, f"{folder.database}: {error}.", mend=mend)]
    records = f"{counted(found.records, 'record')} in {counted(found.journals, 'journal')}"
    return [well(DATABASE, f"The database is whole: {records}, and no link of them is broken.")]


def _damaged(folder: DataFolder, identity: Identity, why: str, *, mend: bool) -> Finding:
    if _only_indexes(folder):
        if not mend:
            return ill(DATABASE, f"{why} Only an index is damaged.", mendable=True)
        with contextlib.closing(sqlite3.connect(str(folder.database))) as connection:
            connection.execute("REINDEX")
        verify_database(folder.database, identity)
        return mended(DATABASE, "An index of the database was damaged; it was made anew.")
    if not mend:
        said = "Stop the server; what can be read is then kept, and laptops send the rest again"
        return ill(DATABASE, f"{why} {said}.", mendable=True)
    return _rebuilt(folder, identity, why)


def _rebuilt(folder: DataFolder, identity: Identity, why: str) -> Finding:
    from sync_server.store.rebuilding import rebuild

    try:
        with alone(folder, 0):
            done = rebuild(folder.database, identity)
            folder.hand_over(folder.database)
    except (ServerError, OSError, sqlite3.Error) as error:
        return ill(
            DATABASE,
            f"{why} It cannot be rebuilt ({error}). Stop the server, rename {folder.root}, and "
            f"bring the last backup back: keruen-server restore --data {folder.root} BACKUP. "
            "Laptops send again what came since; keep the renamed folder until they have.",
        )
    cut = f" Journals that end earlier now: {done.cut_journals}. Laptops send the rest again."
    return mended(
        DATABASE,
        f"The database was damaged and is rebuilt with {counted(done.records, 'record')}."
        f"{cut if done.cut_journals else ''} The damaged file stays as {done.damaged.name}. "
        "Compare with status whether all people and laptops are there.",
    )


def _only_indexes(folder: DataFolder) -> bool:
    """Tell whether a copy becomes whole by making its indexes anew."""
    if folder.database.stat().st_size == 0:
        return False
    with contextlib.closing(sqlite3.connect(":memory:")) as copy:
        try:
            with contextlib.closing(sqlite3.connect(str(folder.database))) as connection:
                connection.backup(copy)
            copy.execute("REINDEX")
            whole = bool(copy.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
        except sqlite3.Error:
            return False
    with contextlib.suppress(DataFolderError):
        # What is whole as a file, but not as journals, no index mends.
        check_database(folder.database)
        return False
    return whole
