"""Moving a laptop's data to another folder so that at any moment, whatever stops it, one is whole.

While it is done no other programme can work on the data. All is copied aside and put on the disk;
then the old place says where they are, which is the step that counts; then what lay there goes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple, Optional, Tuple

from client.data import pointer
from client.data.copying import Report, copy_files, files_below, has_room, unheard
from client.laptop.errors import Fault
from client.laptop.people import membership
from client.laptop.problems import as_laptop_error, failure
from client.laptop.storage.database import NAME
from client.laptop.storage.opening import open_database
from client.laptop.syncing.under_way import OBJECTS_LOCK, STICK_LOCK, WORK_LOCK
from sync.database import open_database as open_connection
from sync.disk import sync_folder
from sync.errors import DatabaseError
from sync.lock import Busy, held

FOLDER = "Keruen-data"
"""What a folder is called that is made in one in which something else lies."""
ARRIVING = "arriving"
_PACKS = "packs"
_SPARE_BYTES = 64 * 1024 * 1024
_WAIT_MS = 2000
_STAYS = (
    *(NAME + side for side in ("", "-wal", "-shm", "-journal")),
    *("open.lock", STICK_LOCK, WORK_LOCK, OBJECTS_LOCK),
    *("opened", ARRIVING, pointer.MOVED, pointer.SURVIVOR),
)
"""What is not copied as it is: the database goes by itself, the rest is of no use elsewhere."""


class Moved(NamedTuple):
    """Where the data lie now, and the file by which they are found if this disk is set back."""

    folder: Path
    size_bytes: int
    survivor: Optional[Path]


def move(
    place: Path,
    target: Path,
    usual: Path,
    roots: Iterable[Path],
    report: Report = unheard,
) -> Moved:
    """Move the data of ``place`` into ``target``, or into a folder in it where others' files lie.

    ``usual`` is where this account's data lie if nobody says otherwise, ``roots`` are the built-in
    disks beside the system's own. ``report`` hears bytes done and bytes in all.

    Raises LaptopError ``data-place-inside``, ``data-place-taken``, ``database-busy``, ``disk-full``
    or ``disk-error``; the data then are where they were.
    """
    known = tuple(roots)
    folder = _destination(place, target, usual, known)
    try:
        with _alone(place) as connection:
            files = files_below(place, _STAYS)
            total = sum(one.size_bytes for one in files) + _database_bytes(connection)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not has_room(folder, total + _SPARE_BYTES):
                raise failure("disk-full", Fault.YOUR_DATA, str(folder))
            _shift_leftovers(folder)
            (folder / ARRIVING).mkdir()
            copy_files(place, folder / ARRIVING, files, report)
            _copy_database(connection, folder / ARRIVING / NAME)
            _arrive(folder)
            survivor = _tell(place, folder, usual, known)
            _make_useless(place, connection)
        _clear(place)
    except Busy as error:
        raise failure("database-busy", Fault.YOUR_DATA, str(place)) from error
    except (OSError, sqlite3.Error, DatabaseError) as error:
        raise as_laptop_error(error) from error
    return Moved(folder, total, survivor)


def _destination(place: Path, target: Path, usual: Path, roots: Tuple[Path, ...]) -> Path:
    # Links stay as they are: what they lead to may be the point of them.
    whole = Path(os.path.abspath(target))  # noqa: PTH100
    if whole in roots or (whole != usual and whole.is_dir() and not _is_free(whole)):
        whole /= FOLDER
    real, here = (Path(os.path.realpath(path)) for path in (whole, place))
    if real == here or here in real.parents or real in here.parents:
        raise failure("data-place-inside", Fault.YOUR_DATA, str(whole), str(whole))
    if whole.exists() and not (whole.is_dir() and (whole == usual or _is_free(whole))):
        raise failure("data-place-taken", Fault.YOUR_DATA, str(whole), str(whole))
    return whole


def _is_free(folder: Path) -> bool:
    """Tell whether data may come here: nothing is here, or what an interrupted move left."""
    names = {path.name for path in folder.iterdir()}
    return names <= {pointer.MOVED} or ARRIVING in names


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[sqlite3.Connection]:
    """Keep every other programme from the data; give the database, which is one file then."""
    database, _ = open_database(place)
    database.close()
    locks = (STICK_LOCK, WORK_LOCK, OBJECTS_LOCK)
    with contextlib.ExitStack() as stack:
        for lock in locks:
            stack.enter_context(held(place / lock))
        connection = open_connection(place / NAME, on_stick=True)
        try:
            connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # With a log, this alone fails while anybody else has the database open.
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            connection.close()
            raise Busy(str(place)) from error
        try:
            yield connection
        finally:
            connection.close()


def _database_bytes(connection: sqlite3.Connection) -> int:
    pages, page_bytes = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "page_size")
    )
    return pages * page_bytes


def _shift_leftovers(folder: Path) -> None:
    """Put aside what an interrupted move left; only lessons, which can be had again, go at once."""
    left = [path for path in folder.iterdir() if path.name != pointer.MOVED]
    if not left:
        return
    number = 1
    while (folder / f"before-{number}").exists():
        number += 1
    before = folder / f"before-{number}"
    before.mkdir()
    for path in left:
        if path.name == _PACKS:
            shutil.rmtree(path, ignore_errors=True)
        elif not path.name.startswith("before-"):
            path.replace(before / path.name)


def _copy_database(connection: sqlite3.Connection, path: Path) -> None:
    copy = sqlite3.connect(str(path), isolation_level=None)
    try:
        connection.backup(copy)
        finding = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    finally:
        copy.close()
    if finding != "ok":
        raise OSError(f"{path}: {finding}")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _arrive(folder: Path) -> None:
    """Give all that was copied its place, the database last: without it a folder is no data."""
    arriving = folder / ARRIVING
    for path in sorted(arriving.iterdir(), key=lambda path: path.name == NAME):
        path.replace(folder / path.name)
    sync_folder(arriving)
    sync_folder(folder)


def _tell(place: Path, folder: Path, usual: Path, roots: Tuple[Path, ...]) -> Optional[Path]:
    """Say at the disk's root and in the old place where the data are now."""
    holding = [one for one in roots if one in folder.parents]
    root = max(holding, key=lambda one: len(one.parts), default=None)
    survivor = None
    if root is not None and folder != usual:
        with contextlib.suppress(OSError):
            survivor = pointer.write_survivor(usual, folder, root)
    pointer.write_moved(place, folder)
    pointer.remove_moved(folder)
    (folder / ARRIVING).rmdir()
    sync_folder(folder)
    with contextlib.suppress(OSError):
        pointer.remove_survivors(usual, [one for one in roots if one != root or folder == usual])
    return survivor


def _make_useless(place: Path, connection: sqlite3.Connection) -> None:
    """Leave nothing to a programme that waits for the data here, so that no work gets lost in it.

    One that had the database open, or opens it before it is gone, finds no tables and no school.
    """
    for name in membership.NAMES:
        with contextlib.suppress(FileNotFoundError):
            (place / name).unlink()
    connection.execute("PRAGMA foreign_keys = OFF")
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    for (name,) in tables:
        connection.execute(f'DROP TABLE "{name}"')
    connection.execute("COMMIT")


def _clear(place: Path) -> None:
    """Remove what was copied. What cannot be removed is of no harm."""
    for path in place.iterdir():
        if path.name in (pointer.MOVED, pointer.SURVIVOR):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()
