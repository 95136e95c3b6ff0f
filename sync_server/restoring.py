"""Bringing a backup back: checked first, copied, and checked again where it will be used."""

from __future__ import annotations

import shutil
import sqlite3

from sync_server.backup import back_up, check_database
from sync_server.data_folder import DataFolder
from sync_server.errors import SetupError
from sync_server.verification import Verified, verify_journals


def verify_backup(backup: DataFolder) -> Verified:
    """Check a backup's identity, database and journals, and that they belong together.

    Raises:
        DataFolderError: something is missing or damaged; the sentence says what.
    """
    identity = backup.identity()
    check_database(backup.database)
    with backup.store() as store, store.transaction() as transaction:
        return verify_journals(transaction, identity)


def restore(backup: DataFolder, folder: DataFolder) -> Verified:
    """Make a data folder of a backup. The backup stays as it is.

    Args:
        backup: As ``backup`` made it.
        folder: Empty or not there: what is there may be newer than any backup, so it is for its
            owner to move it away.

    Raises:
        DataFolderError: the backup is not whole; nothing was copied.
        SetupError: the folder holds something.
        OSError, sqlite3.Error: it cannot be written.
    """
    if folder.root.exists() and any(folder.root.iterdir()):
        raise SetupError(
            f"{folder.root} is not empty: stop the server, rename that folder and restore again. "
            "Keep it until all laptops have come by."
        )
    verify_backup(backup)
    try:
        back_up(backup, folder.root)
        return verify_backup(folder)
    except (OSError, sqlite3.Error):
        # Half a copy must not be taken for a server's folder.
        shutil.rmtree(folder.root, ignore_errors=True)
        raise
