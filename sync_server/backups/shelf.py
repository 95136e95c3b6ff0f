"""The folder in which a backup lies: objects by the hash of what they hold, and an index of them.

::

    keruen-backup.json       which files there are; replaced as a whole, last
    objects/<two digits>/<SHA-256>
    new/                     there while one is being made: what is not in the index may be torn

Whatever happens while one is made, the index that is there leads to whole objects: new ones are
flushed and read back before the index changes, old ones go after it has.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import BinaryIO, Dict, Iterable, Iterator, List, Mapping, Optional

from content.storage import pieces_of, read_bounded, replace_durably, sha256_of_file, sync_folder
from content.watch import Watch
from sync.sticks.system import forget_file
from sync_server.backups.index import MAX_INDEX_BYTES, NAME, ReadIndex, read_index
from sync_server.errors import BackupError

SPARE_BYTES = 16 << 20
"""What a backup leaves free: folders take room too."""
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class Shelf:
    """One backup's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.new = folder / "new"
        self.written: Dict[str, int] = {}
        """Objects that were written, by name, and their sizes."""
        self._objects = folder / "objects"

    def index(self) -> Optional[ReadIndex]:
        """Return the index; None where there is no backup.

        Raises:
            BackupError: it is damaged.
        """
        path = self.folder / NAME
        if not path.exists():
            return None
        return read_index(read_bounded(path, MAX_INDEX_BYTES), str(path))

    def is_strange(self) -> bool:
        """Tell whether something else than a backup lies here."""
        if not self.folder.exists() or (self.folder / NAME).exists():
            return False
        names = {path.name for path in self.folder.iterdir()}
        return bool(names) and not (self.new.is_dir() and names <= {"new", "objects"})

    def begin(self, known: Mapping[str, int]) -> None:
        """Begin a backup; what an earlier one left torn is dropped.

        ``known`` are the objects of the index that is there: they were flushed.
        """
        if self.new.is_dir():
            for path in self._files():
                if path.name not in known and sha256_of_file(path) != path.name:
                    path.unlink()
            for path in self.new.iterdir():
                path.unlink()
        self.new.mkdir(parents=True, exist_ok=True)
        sync_folder(self.folder)

    def has(self, sha256: str, size_bytes: int) -> bool:
        """Tell whether an object is here in full size."""
        with contextlib.suppress(OSError):
            return self.path(sha256).stat().st_size == size_bytes
        return False

    def path(self, sha256: str) -> Path:
        """Return where an object lies, or would."""
        return self._objects / sha256[:2] / sha256

    def put(self, parts: Iterable[bytes], sha256: str = "") -> str:
        """Write an object and return its name, not yet flushed.

        Raises:
            BackupError: it is not the one that ``sha256`` names: it is damaged where it came from.
            OSError: the disk failed.
        """
        beside = self.new / "object"
        digest, size_bytes = hashlib.sha256(), 0
        with beside.open("wb") as file:
            for part in parts:
                digest.update(part)
                size_bytes += file.write(part)
        name = digest.hexdigest()
        if sha256 not in ("", name):
            beside.unlink()
            raise BackupError(f"{sha256} is damaged.")
        final = self.path(name)
        if self.has(name, size_bytes):
            # It was flushed once, and stays whole whenever the power fails.
            beside.unlink()
            return name
        final.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(final)
        self.written[name] = size_bytes
        return name

    def settle(self) -> None:
        """Flush what was written, and read it back from the disk.

        Raises:
            BackupError: the disk gives something else back than was written.
            OSError: the disk failed.
        """
        if hasattr(os, "sync"):
            # All at once: a stick takes a moment for each flush of a file.
            os.sync()
        folders = set()
        for name in self.written:
            path = self.path(name)
            with path.open("rb+") as file:
                os.fsync(file.fileno())
            folders.add(path.parent)
            forget_file(path)
            if sha256_of_file(path) != name:
                raise BackupError(
                    f"{self.folder} does not keep what is written there: take another stick."
                )
        for folder in (*folders, self._objects, self.folder):
            if folder.is_dir():
                sync_folder(folder)

    def finish(self, index: bytes) -> None:
        """Put an index in place: from now on this is the backup."""
        replace_durably(self.folder / NAME, [index], self.new)

    def keep_only(self, wanted: Mapping[str, int]) -> None:
        """Remove objects that nothing needs."""
        for path in self._files():
            if path.name not in wanted:
                path.unlink()
                with contextlib.suppress(OSError):
                    path.parent.rmdir()

    def end(self) -> None:
        """Say that nothing here is torn any more."""
        shutil.rmtree(self.new, ignore_errors=True)

    def free_bytes(self) -> int:
        """Return how much more may be written here."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.folder).free - SPARE_BYTES

    def read(self, sha256: str) -> Iterator[bytes]:
        """Yield an object, a megabyte at a time, unverified; raises StorageError, OSError."""
        return pieces_of(self.path(sha256))

    def open(self, sha256: str) -> BinaryIO:
        """Open an object, unverified."""
        return self.path(sha256).open("rb")

    def drop_damaged(self, watch: Watch) -> None:
        """Read every object whole, and remove those that are not what they were."""
        files = self._files()
        step = watch.step("reading what is there", sum(path.stat().st_size for path in files))
        for path in files:
            with contextlib.suppress(OSError):
                if sha256_of_file(path, step.add) == path.name:
                    continue
            path.unlink()

    def _files(self) -> List[Path]:
        return [path for path in self._objects.glob("*/*") if _SHA256.match(path.name)]
