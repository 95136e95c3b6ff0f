"""A copy of everything, made while the server goes on working."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from sync_server.data_folder import DataFolder
from sync_server.errors import DataFolderError, SetupError
from sync_server.store.sqlite import SqliteStore
from sync_server.uploads import AttachmentFiles


def back_up(folder: DataFolder, target: Path) -> None:
    """Copy a data folder so that the copy can be run as it is.

    The database first: whatever it knows of has its files by then. Objects that the copy has
    already are left out, so a second backup to the same place is quick.

    Args:
        folder: The server's.
        target: A folder; made where it is missing. An older backup in it is replaced.

    Raises:
        DataFolderError: there is nothing to copy, or the copy does not read back.
        SetupError: the target is the data folder itself, or another server's.
        OSError, sqlite3.Error: the target cannot be written.
    """
    identity = folder.identity()
    copy = DataFolder(target)
    if target.resolve() == folder.root.resolve():
        raise SetupError(f"{target} is the data folder itself: choose another one.")
    if copy.identity_path.exists() and copy.identity_path.read_bytes() != identity.to_bytes():
        raise SetupError(f"{target} holds another server's data: choose an empty folder.")
    target.mkdir(parents=True, exist_ok=True)
    _copy_database(folder, copy)
    _copy_repositories(folder.trust, copy.trust)
    _copy_repositories(folder.repositories, copy.repositories)
    _copy_attachments(folder, copy)
    shutil.copy2(folder.identity_path, copy.identity_path)


def _copy_database(folder: DataFolder, copy: DataFolder) -> None:
    beside = copy.root / "server.db.new"
    for path in (beside, *_logs(beside)):
        path.unlink(missing_ok=True)
    with folder.store() as store:
        store.backup(beside)
    check_database(beside)
    beside.replace(copy.database)
    # A log of the replaced file must not be taken for one of the new.
    for path in _logs(copy.database):
        path.unlink(missing_ok=True)


def check_database(database: Path) -> None:
    """Read every page of a database.

    Raises:
        DataFolderError: it is missing or damaged.
    """
    if not database.exists():
        raise DataFolderError(f"{database} is missing.")
    connection = sqlite3.connect(str(database))
    try:
        finding = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        finding = error
    finally:
        connection.close()
    if finding != "ok":
        raise DataFolderError(f"{database} is not whole ({finding}).")
    SqliteStore(database).close()


def _logs(database: Path) -> list[Path]:
    return [database.with_name(database.name + ending) for ending in ("-wal", "-shm")]


def _copy_repositories(source: Path, target: Path) -> None:
    """Copy published files, catalogues last: they are the only ones that change."""
    files = [path for path in source.rglob("*") if path.is_file()]
    files = [path for path in files if ".staging" not in path.parts]
    for path in sorted(files, key=lambda path: path.name in ("catalogue", "publisher")):
        place = target / path.relative_to(source)
        if "objects" in path.parts and _same_size(path, place):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)


def _copy_attachments(folder: DataFolder, copy: DataFolder) -> None:
    """Copy attached files that are whole; parts are sent again."""
    kept = AttachmentFiles(copy.attachments)
    for name, size_bytes in AttachmentFiles(folder.attachments).names():
        place = kept.path(name)
        if place.exists() and place.stat().st_size == size_bytes:
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = place.with_suffix(".new")
        shutil.copy2(folder.attachments / name[:2] / name, beside)
        beside.replace(place)


def _same_size(one: Path, other: Path) -> bool:
    return other.exists() and one.stat().st_size == other.stat().st_size
