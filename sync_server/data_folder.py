"""The folder that holds everything a server must not lose.

::

    server.db       people, devices, records (SQLite; beside it -wal and -shm while in use)
    identity        the server's secret keys: laptops trust these and no others
    repositories/   published packs, a folder per publisher
    attachments/    sealed files that records name, and what has come of others (see uploads)
    trust/          roots, certificates and withdrawals that were accepted (see trusting)
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from content.storage import sync_folder
from sync.errors import SyncError
from sync.identity import Identity
from sync_server.errors import DataFolderError
from sync_server.store.sqlite import SqliteStore

_OF_DISKS = ("lost+found", "System Volume Information", "$RECYCLE.BIN")


class DataFolder:
    """A server's folder and the places in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.database = root / "server.db"
        self.identity_path = root / "identity"
        self.repositories = root / "repositories"
        self.trust = root / "trust"
        self.attachments = root / "attachments"

    def check_place(self) -> None:
        """See that this may become a server's folder, or is one.

        Raises:
            DataFolderError: a file is there, or a folder with something else in it.
        """
        if not self.root.exists() or self._is_ours():
            return
        if not self.root.is_dir():
            raise DataFolderError(f"{self.root} is a file: give a folder that is empty or new.")
        others = [one.name for one in self.root.iterdir() if not _of_a_disk(one.name)]
        if others:
            raise DataFolderError(
                f"{self.root} has other things in it, such as {min(others)}: give a folder that "
                "is empty or new."
            )

    def create(self) -> None:
        """Make what is missing: the folder, keys and an empty database. What is there stays.

        Raises:
            DataFolderError: it cannot be written, or a database is there whose keys are lost.
        """
        try:
            if not self._is_ours():
                self.root.mkdir(parents=True, exist_ok=True)
                # What pupils wrote lies in it.
                self.root.chmod(0o700)
            self.repositories.mkdir(exist_ok=True)
            if not self.identity_path.exists():
                if self.database.exists():
                    raise DataFolderError(
                        f"{self.identity_path} is missing: {self._back()} Laptops trust that "
                        "identity alone."
                    )
                write_secret(self.identity_path, _new_identity().to_bytes())
        except OSError as error:
            raise DataFolderError(f"{self.root} cannot be written: {error.strerror}.") from error
        SqliteStore(self.database).close()

    def identity(self) -> Identity:
        """Read the server's keys.

        Raises:
            DataFolderError: the folder was never set up, or the file is damaged.
        """
        self._require()
        try:
            return Identity.from_bytes(self.identity_path.read_bytes())
        except (OSError, SyncError) as error:
            raise DataFolderError(
                f"{self.identity_path} cannot be used ({error}): {self._back()}"
            ) from error

    def open_store(self) -> SqliteStore:
        """Open the database.

        Raises:
            DataFolderError: the folder was never set up, or the file is damaged.
        """
        self._require()
        if self.database.stat().st_size == 0:
            raise DataFolderError(
                f"{self.database} is empty, as a power cut may leave it: {self._back()}"
            )
        return SqliteStore(self.database)

    @contextmanager
    def store(self) -> Iterator[SqliteStore]:
        """Open the database for as long as a block lasts; raises as ``open_store`` does."""
        store = self.open_store()
        try:
            yield store
        finally:
            store.close()

    def hand_over(self, path: Path) -> None:
        """Give a file that the administrator made to whom the folder belongs, as who it serves.

        Raises:
            OSError: the disk failed.
        """
        if sys.platform != "win32" and os.geteuid() == 0:
            owner = self.root.stat()
            os.chown(path, owner.st_uid, owner.st_gid)

    def _back(self) -> str:
        return (
            f"put it back from a backup. Rename {self.root}, and give "
            f"keruen-server restore --data {self.root} BACKUP."
        )

    def _is_ours(self) -> bool:
        return self.database.exists() or self.identity_path.exists()

    def _require(self) -> None:
        if self._is_ours():
            for path in (self.database, self.identity_path):
                if not path.exists():
                    raise DataFolderError(
                        f"{path} is missing: {self._back()} Where nothing was in the folder yet, "
                        "rename it, and give the command init again."
                    )
        else:
            raise DataFolderError(
                f"{self.root} is not a server's data folder: "
                f"make one with: keruen-server init {self.root} --school NAME"
            )


def _of_a_disk(name: str) -> bool:
    """Tell whether a system puts what is called so onto every disk."""
    return name.startswith(".") or name in _OF_DISKS


def _new_identity() -> Identity:
    """Make keys whose id does not begin with a dash: commands would take it for an option."""
    while (made := Identity.generate()).public.device_id.startswith("-"):
        pass
    return made


def write_secret(path: Path, content: bytes) -> None:
    """Put a file in place that only its owner can read: whole, and on the disk before returning."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
