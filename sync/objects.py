"""Objects on their way: verified piece by piece, so that a transfer may stop at any byte.

What arrived lies in a part file, always a beginning of the object. At the start it is read again
and every whole piece in it verified; the tail of an unfinished piece is kept and verified when the
piece is whole. So nothing that arrived is asked for again, and no state besides the file can
disagree with it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Optional, Tuple

from sync.errors import ObjectError

PIECE_BYTES = 1 << 20
RESERVE_BYTES = 64 << 20
_READ_BYTES = 1 << 18
_SHA256_BYTES = 32


@dataclass(frozen=True)
class ObjectSpec:
    """An object's name (SHA-256 in hex), size, and the SHA-256 of each piece of ``PIECE_BYTES``.

    Without piece hashes the whole object is one piece.
    """

    sha256: str
    size_bytes: int
    piece_sha256: Tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        lowercase_hex = len(self.sha256) == 64 and not set(self.sha256) - set("0123456789abcdef")
        if not lowercase_hex or self.size_bytes < 0:
            raise ObjectError("object-spec", self.sha256)
        if self.piece_sha256:
            count = max(1, -(-self.size_bytes // PIECE_BYTES))
            sizes_fit = all(len(piece) == _SHA256_BYTES for piece in self.piece_sha256)
            if len(self.piece_sha256) != count or not sizes_fit:
                raise ObjectError("object-spec", f"{self.sha256}: its pieces do not fit its size")

    @property
    def piece_bytes(self) -> int:
        """The size of the pieces that are verified one by one."""
        return PIECE_BYTES if self.piece_sha256 else max(1, self.size_bytes)

    def piece_hash(self, index: int) -> bytes:
        """Return the SHA-256 that piece ``index`` must have."""
        return self.piece_sha256[index] if self.piece_sha256 else bytes.fromhex(self.sha256)


class Download:
    """An object being written to a part file. Use as a context manager.

    ``position_bytes`` is where the next byte belongs, ``verified_bytes`` the end of the last
    verified piece.
    """

    def __init__(
        self, spec: ObjectSpec, part_path: Path, reserve_bytes: int = RESERVE_BYTES
    ) -> None:
        """Go on with what lies at ``part_path``, or begin.

        ``reserve_bytes`` of the disk are left free.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        self.spec = spec
        self.part_path = part_path
        self.position_bytes = 0
        self.verified_bytes = 0
        self._whole = hashlib.sha256()
        self._piece = hashlib.sha256()
        self._file: Optional[BinaryIO] = None
        try:
            part_path.parent.mkdir(parents=True, exist_ok=True)
            self._file = part_path.open("r+b" if part_path.exists() else "w+b")
            self._resume(self._file)
            self._check_room(reserve_bytes)
        except OSError as error:
            self.close()
            raise disk_error(error, part_path) from error
        except ObjectError:
            self.close()
            raise

    def __enter__(self) -> Download:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the part file; what is in it stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def complete(self) -> bool:
        """Whether every piece is here and verified."""
        return self.verified_bytes == self.spec.size_bytes

    def _resume(self, file: BinaryIO) -> None:
        """Read what is there; drop it from the first piece on that does not verify."""
        while self.position_bytes < self.spec.size_bytes:
            wanted = min(_READ_BYTES, self.spec.size_bytes - self.position_bytes)
            data = file.read(wanted)
            if not data:
                break
            try:
                self._take(data)
            except ObjectError:
                break
        file.seek(self.position_bytes)
        file.truncate()

    def _check_room(self, reserve_bytes: int) -> None:
        missing = self.spec.size_bytes - self.position_bytes
        free = shutil.disk_usage(str(self.part_path.parent)).free
        if missing and free < missing + reserve_bytes:
            raise ObjectError("disk-full", f"{missing} bytes to come, {free} free")

    def write(self, data: bytes) -> None:
        """Append bytes that arrived.

        Raises:
            ObjectError: ``object-damaged`` when they complete a piece that is not the object's:
                that piece is dropped and ``position_bytes`` is its start again; ``object-size``
                when they are too many; ``disk-full`` or ``disk-failed``.
        """
        if self._file is None:
            raise ObjectError("disk-failed", f"{self.part_path} is closed")
        if self.position_bytes + len(data) > self.spec.size_bytes:
            raise ObjectError(
                "object-size", f"{self.spec.sha256}: more than {self.spec.size_bytes}"
            )
        start, verified = self.position_bytes, self.verified_bytes
        try:
            self._file.write(data)
            self._take(data)
            if self.verified_bytes > verified:
                self._sync()
        except OSError as error:
            self._rewind_file(start)
            raise disk_error(error, self.part_path) from error
        except ObjectError:
            self._file.seek(self.position_bytes)
            self._file.truncate()
            raise

    def _rewind_file(self, position: int) -> None:
        """Close after a failed write: only the next start can tell what is in the file."""
        try:
            if self._file is not None:
                self._file.truncate(position)
        except OSError:
            pass
        self.close()

    def _take(self, data: bytes) -> None:
        """Advance over ``data``, verifying each piece that it completes."""
        view = memoryview(data)
        while view:
            piece_end = min(self.verified_bytes + self.spec.piece_bytes, self.spec.size_bytes)
            step = view[: piece_end - self.position_bytes]
            self._piece.update(step)
            self.position_bytes += len(step)
            view = view[len(step) :]
            if self.position_bytes == piece_end:
                self._finish_piece()

    def _finish_piece(self) -> None:
        index = self.verified_bytes // self.spec.piece_bytes
        if self._piece.digest() != self.spec.piece_hash(index):
            self.position_bytes = self.verified_bytes
            self._piece = hashlib.sha256()
            raise ObjectError("object-damaged", f"{self.spec.sha256}, piece {index}")
        self.verified_bytes = self.position_bytes
        self._piece = hashlib.sha256()

    def _sync(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def finish(self, final_path: Path) -> None:
        """Read the whole object again, verify it, and give it its name in one step.

        Raises:
            ObjectError: ``object-damaged`` when it is not the object (the part file is removed,
            since the pieces'
                list itself must be wrong, or the disk), ``disk-full`` or ``disk-failed``.
        """
        if not self.complete or self._file is None:
            raise ObjectError("object-damaged", f"{self.spec.sha256} is not complete")
        try:
            self._sync()
            self._file.seek(0)
            digest = file_sha256(self._file)
            self.close()
            if digest != self.spec.sha256:
                self.part_path.unlink()
                raise ObjectError("object-damaged", self.spec.sha256)
            final_path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.part_path, final_path)  # noqa: PTH105
            sync_folder(final_path.parent)
        except OSError as error:
            raise disk_error(error, final_path) from error


def file_sha256(file: BinaryIO) -> str:
    """Return the SHA-256 in hex of the rest of an open file."""
    digest = hashlib.sha256()
    for block in iter(lambda: file.read(_READ_BYTES), b""):
        digest.update(block)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk, where the system has that (Windows has not)."""
    if os.name == "nt":
        return
    descriptor = os.open(str(folder), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def disk_error(error: OSError, path: Any) -> ObjectError:
    """Return the typed error of a failed read or write."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return ObjectError("disk-full" if full else "disk-failed", f"{path}: {error.strerror}")
