"""Making a backup while the server goes on working.

The database first: whatever it knows of has its files by then. Objects that an earlier backup has
already are not written again. The index goes last; until then the earlier backup is the backup.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Dict, Iterator, List, Optional, Tuple

from content.storage import hash_file, pieces_of, sha256_of_file
from content.watch import UNWATCHED, Watch
from sync.attachments.attachment import seal_segments, sealed_size_bytes
from sync.identity import Identity
from sync_server.backups.contents import Item, items
from sync_server.backups.index import DATABASE, IDENTITY, Entry, Index
from sync_server.backups.locking import Lock, file_key, master_key, new_lock
from sync_server.backups.shelf import Shelf
from sync_server.data_folder import DataFolder
from sync_server.disk.levels import is_full
from sync_server.errors import BackupError, BackupLockedError, SetupError
from sync_server.settings import LAST_BACKUP
from sync_server.verification import verify_database

STAGING = ".backup"


@dataclass(frozen=True)
class BackedUp:
    """What a backup holds now, and how much of it was written this time.

    ``damaged`` are files of the server that are not what they should be; the backup lacks them.
    """

    journals: int
    records: int
    files: int
    size_bytes: int
    written_files: int
    written_bytes: int
    encrypted: bool
    damaged: Tuple[str, ...] = ()


@dataclass
class _Made:
    entries: List[Entry] = field(default_factory=list)
    damaged: List[str] = field(default_factory=list)


def back_up(
    folder: DataFolder,
    target: Path,
    passphrase: Optional[str] = None,
    *,
    lessons: bool = True,
    read_all: bool = False,
    now_ms: int = 0,
    watch: Watch = UNWATCHED,
) -> BackedUp:
    """Make a backup of a data folder, or bring the one that is in ``target`` up to date.

    Args:
        folder: The server's.
        target: A folder of its own; made where it is missing.
        passphrase: Database and keys are sealed under it.
        lessons: Whether the objects of packs go along.
        read_all: Whether what is there from before is read too, and what is damaged written anew.
        now_ms: The server's time.
        watch: Hears how far it is.

    Raises:
        BackupLockedError: the backup there has a passphrase, which was not given.
        BackupError: it would not fit, or the target is worn out; an earlier backup is as it was.
        DataFolderError: there is nothing to copy, or the server's database is damaged.
        SetupError: something else lies in the target.
        OSError, sqlite3.Error: the target cannot be written; an earlier backup is as it was.
        CancelledError: ``watch`` says so; likewise.
    """
    identity = folder.identity()
    shelf = _open_shelf(folder, target)
    known, lock, master = _before(shelf, identity, passphrase)
    shelf.begin(known)
    if read_all:
        shelf.drop_damaged(watch)
    made = _Made()
    with _staged_database(folder, shelf, private=bool(master)) as database:
        verified = verify_database(database, identity)
        listed = items(folder, lessons=lessons)
        _make_room(shelf, known, listed, database.stat().st_size)
        _put_private(shelf, made, IDENTITY, folder.identity_path, master)
        _put_private(shelf, made, DATABASE, database, master)
    _put_items(shelf, made, listed, watch)
    shelf.settle()
    index = Index(identity.public.device_id, now_ms, tuple(made.entries), lock)
    shelf.finish(index.to_bytes(master))
    shelf.keep_only(index.names)
    shelf.end()
    with folder.store() as store, store.transaction() as transaction:
        transaction.set_setting(LAST_BACKUP, str(now_ms))
    return BackedUp(
        verified.journals,
        verified.records,
        len(index.files),
        sum(one.size_bytes for one in index.files),
        len(shelf.written),
        sum(shelf.written.values()),
        lock is not None,
        tuple(made.damaged),
    )


def _open_shelf(folder: DataFolder, target: Path) -> Shelf:
    place, own = target.resolve(), folder.root.resolve()
    if place == own or own in place.parents:
        raise SetupError(f"{target} is in the data folder itself: choose a stick or another disk.")
    shelf = Shelf(target)
    if shelf.is_strange():
        raise SetupError(
            f"{target} holds something else than a backup: choose an empty folder, "
            "such as a new one on the stick."
        )
    return shelf


def _before(
    shelf: Shelf, identity: Identity, passphrase: Optional[str]
) -> Tuple[Dict[str, int], Optional[Lock], bytes]:
    """Return the objects of the backup that is there, and lock and key of the one to be made."""
    try:
        found = shelf.index()
    except BackupError:
        # Damaged: a new one is made, and nothing of the old one is believed.
        found = None
    if found is not None and found.index.server != identity.public.device_id:
        raise SetupError(f"{shelf.folder} holds another server's backup: choose another folder.")
    known = found.index.names if found is not None else {}
    old = found.index.lock if found is not None else None
    if passphrase is None:
        if old is not None:
            raise BackupLockedError(
                f"The backup in {shelf.folder} has a passphrase: give it by --passphrase, "
                "or choose an empty folder."
            )
        return known, None, b""
    lock = old or new_lock()
    master = master_key(passphrase, lock)
    if old is not None and found is not None:
        found.check(master)
    return known, lock, master


@contextlib.contextmanager
def _staged_database(folder: DataFolder, shelf: Shelf, *, private: bool) -> Iterator[Path]:
    """Copy the database as it is at one moment; what is private never lies open on a stick."""
    staging = folder.root / STAGING if private else shelf.new
    staging.mkdir(exist_ok=True)
    copy = staging / DATABASE
    try:
        _remove_database(copy)
        with folder.store() as store:
            try:
                store.backup(copy)
            except sqlite3.Error as error:
                if not is_full(staging):
                    raise
                where = staging if private else shelf.folder
                raise BackupError(
                    f"{where} has no room for the database: take a larger stick, or remove what "
                    "is not needed there. An earlier backup is as it was."
                ) from error
        yield copy
    finally:
        _remove_database(copy)
        if private:
            with contextlib.suppress(OSError):
                staging.rmdir()


def _remove_database(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _make_room(shelf: Shelf, known: Dict[str, int], listed: List[Item], base_bytes: int) -> None:
    """See that everything will fit; objects of no use any more go first."""
    wanted = {one.sha256: one.size_bytes for one in listed if one.sha256}
    shelf.keep_only({**known, **wanted})
    missing = [one for one in listed if not (one.sha256 and shelf.has(one.sha256, one.size_bytes))]
    need_bytes = base_bytes + sum(one.size_bytes for one in missing)
    free_bytes = shelf.free_bytes()
    if need_bytes > free_bytes:
        raise BackupError(
            f"The backup takes {need_bytes >> 20} MB more, and {shelf.folder} has "
            f"{max(0, free_bytes) >> 20} MB free: take a larger stick, or leave the lessons out "
            f"with --without-lessons. An earlier backup is as it was."
        )


def _put_private(shelf: Shelf, made: _Made, path: str, source: Path, master: bytes) -> None:
    sha256, size_bytes, _ = hash_file(source)
    if not master:
        if not shelf.has(sha256, size_bytes):
            shelf.put(pieces_of(source), sha256)
        made.entries.append(Entry(path, size_bytes, sha256))
        return
    key = file_key(master, sha256)
    with source.open("rb") as file:
        name = shelf.put(_sealed(file, key, sha256))
    sealed_bytes = sealed_size_bytes(size_bytes)
    made.entries.append(Entry(path, sealed_bytes, name, sha256))


def _sealed(file: BinaryIO, key: bytes, sha256: str) -> Iterator[bytes]:
    """Seal a file; if it were another one by now, its key would have sealed two."""
    digest = hashlib.sha256()
    for plain, sealed in seal_segments(file, key):
        digest.update(plain)
        yield sealed
    if digest.hexdigest() != sha256:
        raise BackupError("The copy of the database changed while it was read: try again.")


def _put_items(shelf: Shelf, made: _Made, listed: List[Item], watch: Watch) -> None:
    step = watch.step("copying", sum(one.size_bytes for one in listed))
    for item in listed:
        try:
            made.entries.append(_put(shelf, item))
        except (BackupError, _UnreadableError):
            # Gone meanwhile, as what nothing needs any more: that is no damage.
            if item.source.exists():
                made.damaged.append(item.path)
        step.add(item.size_bytes)


def _put(shelf: Shelf, item: Item) -> Entry:
    """Bring one file to the shelf, where it is not there yet."""
    name, size_bytes = item.sha256 or _hash(item.source), item.size_bytes
    if not shelf.has(name, size_bytes):
        read = _Counted(item.source)
        # A file that is not named by its hash may be another one by now, and is taken as it is.
        name = shelf.put(read, item.sha256)
        size_bytes = read.size_bytes
    return Entry(item.path, size_bytes, name)


class _UnreadableError(Exception):
    """The server's own disk does not give a file."""


def _hash(source: Path) -> str:
    try:
        return sha256_of_file(source)
    except OSError as error:
        raise _UnreadableError from error


class _Counted:
    """A file's bytes, and how many there were: small files may be replaced by longer ones."""

    def __init__(self, source: Path) -> None:
        self._pieces = pieces_of(source)
        self.size_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except OSError as error:
            raise _UnreadableError from error
        self.size_bytes += len(piece)
        return piece
