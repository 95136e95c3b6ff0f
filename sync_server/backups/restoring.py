"""Bringing a backup back: read first, copied, and checked again where it will be used.

The new folder is no server's folder until its last file, the database, has its name. Cut off
before, the same command goes on: what was copied and is whole is not copied again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from content.storage import replace_durably, sha256_of_file, sync_folder
from content.watch import UNWATCHED, Watch
from sync.attachments.attachment import open_segments
from sync.errors import AttachmentError, SyncError
from sync.identity import Identity
from sync_server.backups.index import DATABASE, IDENTITY, Entry, Index
from sync_server.backups.locking import file_key, master_key
from sync_server.backups.shelf import Shelf
from sync_server.data_folder import DataFolder, write_secret
from sync_server.errors import BackupError, BackupLockedError, SetupError
from sync_server.verification import Verified, verify_database

STAGING = ".restoring"
MAX_IDENTITY_BYTES = 4096


@dataclass(frozen=True)
class Restored:
    """What was found to be whole. ``lost`` are files that the backup has not, or has damaged.

    Without them the server works: packs are published again, photos are asked for again.
    """

    journals: int
    records: int
    files: int
    made_ms: int
    lost: Tuple[str, ...] = ()


class Backup:
    """A backup, opened with its passphrase where it has one."""

    def __init__(self, place: Path, passphrase: Optional[str] = None) -> None:
        """Read the index.

        Raises:
            BackupError: there is none, or it is damaged.
            BackupLockedError: it has a passphrase, which was not given or is another one.
            SetupError: it has none, but one was given: it is not the backup that is meant.
        """
        self.shelf = Shelf(place)
        found = self.shelf.index()
        if found is None:
            raise BackupError(f"There is no backup in {place}.")
        self.index: Index = found.index
        self._master = b""
        if self.index.lock is not None:
            if passphrase is None:
                raise BackupLockedError(
                    f"The backup in {place} has a passphrase: give it by --passphrase."
                )
            self._master = master_key(passphrase, self.index.lock)
            found.check(self._master)
        elif passphrase is not None:
            raise SetupError(f"The backup in {place} has no passphrase: somebody else made it.")

    def entry(self, path: str) -> Entry:
        """Return a file that every backup has.

        Raises:
            BackupError: it is not there.
        """
        found = self.index.find(path)
        if found is None:
            raise BackupError(f"The backup has no {path}.")
        return found

    def content(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file as it was, verified when the last of it was taken.

        Raises:
            BackupError: it is missing or damaged.
        """
        try:
            yield from self._verified(entry)
        except (OSError, AttachmentError) as error:
            raise BackupError(f"{entry.path} in the backup is missing or damaged.") from error

    def _verified(self, entry: Entry) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with contextlib.ExitStack() as opened:
            if entry.plain_sha256:
                file = opened.enter_context(self.shelf.open(entry.sha256))
                key = file_key(self._master, entry.plain_sha256)
                pieces = open_segments(file, key, entry.size_bytes)
            else:
                pieces = self.shelf.read(entry.sha256)
            for piece in pieces:
                digest.update(piece)
                yield piece
        if digest.hexdigest() != (entry.plain_sha256 or entry.sha256):
            raise AttachmentError("attachment-damaged", entry.path)

    def identity(self) -> Identity:
        """Return the server's keys.

        Raises:
            BackupError: they are damaged, or another server's than the index says.
        """
        entry = self.entry(IDENTITY)
        if entry.size_bytes > MAX_IDENTITY_BYTES:
            raise BackupError("The identity in the backup is no identity.")
        try:
            identity = Identity.from_bytes(b"".join(self.content(entry)))
        except SyncError as error:
            raise BackupError("The identity in the backup is no identity.") from error
        if identity.public.device_id != self.index.server:
            raise BackupError("The identity in the backup belongs to another server.")
        return identity


def check_backup(backup: Backup, staging: Path, watch: Watch = UNWATCHED) -> Restored:
    """Read a whole backup; ``staging`` is a folder for a copy of its database.

    Raises:
        BackupError, DataFolderError: its database or keys are missing or damaged.
        OSError: there is no room for the copy.
    """
    identity = backup.identity()
    step = watch.step("reading", sum(one.size_bytes for one in backup.index.files))
    lost: List[str] = []
    for entry in backup.index.files:
        try:
            for piece in backup.content(entry):
                step.add(len(piece))
        except BackupError:
            if entry.path in (DATABASE, IDENTITY) or entry.path.startswith("trust/"):
                raise
            lost.append(entry.path)
    found = verify_database(_lay_database(backup, staging), identity)
    return _restored(backup, found, lost)


def restore(backup: Backup, folder: DataFolder, watch: Watch = UNWATCHED) -> Restored:
    """Make a data folder of a backup. The backup stays as it is.

    Args:
        backup: As ``back_up`` made it.
        folder: Empty or not there, or begun by this command: what is there otherwise may be newer
            than any backup, so it is for its owner to move it away.
        watch: Hears how far it is.

    Raises:
        BackupError, DataFolderError: database or keys of the backup are missing or damaged;
            nothing was restored.
        SetupError: the folder holds something.
        OSError: it cannot be written; the same command goes on later.
        CancelledError: ``watch`` says so; likewise.
    """
    root, staging = folder.root, folder.root / STAGING
    begun = staging.is_dir() and not folder.database.exists()
    if root.exists() and any(root.iterdir()) and not begun:
        raise SetupError(
            f"{root} is not empty: stop the server, rename that folder and restore again. "
            "Keep it until all laptops have come by."
        )
    identity = backup.identity()
    staging.mkdir(parents=True, exist_ok=True)
    # What pupils wrote lies in it. A disk that knows no rights is no reason to stop.
    with contextlib.suppress(OSError):
        root.chmod(0o700)
    try:
        database = _lay_database(backup, staging)
        found = verify_database(database, identity)
    except BaseException:
        # Nothing that could be used was restored: not even an empty folder is left of it.
        _drop(folder)
        raise
    folder.repositories.mkdir(exist_ok=True)
    lost = _copy(backup, root, staging, watch)
    if hasattr(os, "sync"):
        os.sync()
    write_secret(folder.identity_path, identity.to_bytes())
    database.replace(folder.database)
    sync_folder(root)
    shutil.rmtree(staging, ignore_errors=True)
    return _restored(backup, found, lost)


def _lay_database(backup: Backup, staging: Path) -> Path:
    database = staging / DATABASE
    pieces = backup.content(backup.entry(DATABASE))
    replace_durably(database, pieces, staging)
    database.chmod(0o600)
    return database


def _copy(backup: Backup, root: Path, staging: Path, watch: Watch) -> List[str]:
    """Copy all but database and keys; return what the backup has not."""
    files = [one for one in backup.index.files if one.path not in (DATABASE, IDENTITY)]
    step = watch.step("copying", sum(one.size_bytes for one in files))
    lost: List[str] = []
    for entry in files:
        place = root / entry.path
        try:
            if not _is_there(place, entry):
                _put(place, backup.content(entry), staging)
        except BackupError:
            if entry.path.startswith("trust/"):
                raise
            lost.append(entry.path)
        step.add(entry.size_bytes)
    return lost


def _put(place: Path, pieces: Iterator[bytes], staging: Path) -> None:
    """Give a file its place. Where the system flushes all at once, that is done at the end."""
    if not hasattr(os, "sync"):
        replace_durably(place, pieces, staging)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = staging / "file"
    with beside.open("wb") as file:
        for piece in pieces:
            file.write(piece)
    beside.replace(place)


def _is_there(place: Path, entry: Entry) -> bool:
    with contextlib.suppress(OSError):
        return (
            place.stat().st_size == entry.size_bytes
            and sha256_of_file(place) == entry.sha256
            and not entry.plain_sha256
        )
    return False


def _drop(folder: DataFolder) -> None:
    """Remove what was begun, unless an earlier try has copied more."""
    if [path.name for path in folder.root.iterdir()] == [STAGING]:
        shutil.rmtree(folder.root / STAGING, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.root.rmdir()


def _restored(backup: Backup, found: Verified, lost: List[str]) -> Restored:
    files, made_ms = len(backup.index.files), backup.index.made_ms
    return Restored(found.journals, found.records, files, made_ms, tuple(lost))
