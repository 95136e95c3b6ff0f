"""A file on its way: always a beginning of it, verified piece by piece as it comes.

At the start what is there is read again and every whole piece in it verified; the tail of an
unfinished piece is kept and verified when the piece is whole. So nothing that arrived is asked for
again, and no state besides the file can disagree with it.
"""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import time
from pathlib import Path
from typing import BinaryIO, Optional, Protocol, TypeVar

from sync.disk import READ_BYTES, disk_error, file_sha256, sync_folder
from sync.errors import ObjectError, SyncError

SYNC_BYTES = 1 << 20
"""So much that came over a link is put on the disk for good at a time."""
SYNC_EVERY_S = 1.0
"""A slow link's bytes are put there as often: a power cut asks for no more of them again."""

Self = TypeVar("Self", bound="PartFile")


class Pieces(Protocol):
    """How a file's pieces are verified, one after the other.

    ``sha256`` and ``size_bytes`` are the whole file's; each piece has ``piece_bytes`` but the last.
    """

    @property
    def sha256(self) -> str:
        """The whole file's SHA-256 in hex."""
        ...

    @property
    def size_bytes(self) -> int:
        """The whole file's size."""
        ...

    @property
    def piece_bytes(self) -> int:
        """A piece's size."""
        ...

    def take(self, data: memoryview) -> None:
        """Hear the next bytes of the piece that is coming."""
        ...

    def check(self, index: int) -> None:
        """Verify the piece that was heard; whatever comes of it, the next bytes begin a piece.

        Raises:
            SyncError: it is damaged.
        """
        ...

    def damaged(self, detail: str) -> SyncError:
        """Return the error that says that the file is not what it should be."""
        ...


class PartFile:
    """A file being written where nothing else writes. Use as a context manager.

    ``position_bytes`` is where the next byte belongs, ``verified_bytes`` the end of the last
    verified piece.
    """

    def __init__(
        self,
        part_path: Path,
        pieces: Pieces,
        reserve_bytes: int = 0,
        sync_bytes: Optional[int] = None,
    ) -> None:
        """Go on with what lies at ``part_path``, or begin.

        ``reserve_bytes`` of the disk are left free. ``sync_bytes`` that were
        verified are put on the disk for good at a time; normally ``SYNC_BYTES``, and what came
        since in ``SYNC_EVERY_S``.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        self.part_path = part_path
        self.position_bytes = 0
        self.verified_bytes = 0
        self._pieces = pieces
        self._synced_bytes = 0
        self._sync_bytes = sync_bytes or SYNC_BYTES
        self._sync_every_s = math.inf if sync_bytes else SYNC_EVERY_S
        self._synced_at_s = time.monotonic()
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

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the part file; what is in it stays."""
        file, self._file = self._file, None
        if file is not None:
            # What a full disk did not take any more is found missing at the next start.
            with contextlib.suppress(OSError):
                file.close()

    def close_verified(self) -> None:
        """Let go of the part file, and keep of it only what was verified."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.truncate(self.verified_bytes)
        self.close()

    @property
    def complete(self) -> bool:
        """Whether every piece is here and verified."""
        return self.verified_bytes == self._pieces.size_bytes

    def _resume(self, file: BinaryIO) -> None:
        """Read what is there; drop it from the first piece on that does not verify."""
        while self.position_bytes < self._pieces.size_bytes:
            data = file.read(min(READ_BYTES, self._pieces.size_bytes - self.position_bytes))
            if not data:
                break
            try:
                self._take(data)
            except SyncError:
                break
        self._synced_bytes = self.verified_bytes
        file.seek(self.position_bytes)
        file.truncate()

    def _check_room(self, reserve_bytes: int) -> None:
        missing = self._pieces.size_bytes - self.position_bytes
        free = shutil.disk_usage(str(self.part_path.parent)).free
        if missing and free < missing + reserve_bytes:
            raise ObjectError("disk-full", f"{missing} bytes to come, {free} free")

    def write(self, data: bytes) -> None:
        """Append bytes that arrived.

        Raises:
            SyncError: they complete a damaged piece: it is dropped, and ``position_bytes`` is its
                start again.
            ObjectError: ``object-size`` when they are too many; ``disk-full`` or ``disk-failed``.
        """
        if self._file is None:
            raise ObjectError("disk-failed", f"{self.part_path} is closed")
        if self.position_bytes + len(data) > self._pieces.size_bytes:
            detail = f"{self._pieces.sha256}: more than {self._pieces.size_bytes}"
            raise ObjectError("object-size", detail)
        start = self.position_bytes
        try:
            self._file.write(data)
            self._take(data)
            if self._sync_is_due():
                self._sync(self._file)
        except OSError as error:
            # Only the next start can tell what is in the file.
            with contextlib.suppress(OSError):
                self._file.truncate(start)
            self.close()
            raise disk_error(error, self.part_path) from error
        except SyncError:
            self._file.seek(self.position_bytes)
            self._file.truncate()
            raise

    def _take(self, data: bytes) -> None:
        """Advance over ``data``, verifying each piece that it completes."""
        view = memoryview(data)
        while view:
            end = min(self.verified_bytes + self._pieces.piece_bytes, self._pieces.size_bytes)
            step = view[: end - self.position_bytes]
            self._pieces.take(step)
            self.position_bytes += len(step)
            view = view[len(step) :]
            if self.position_bytes == end:
                self._finish_piece()

    def _finish_piece(self) -> None:
        try:
            self._pieces.check(self.verified_bytes // self._pieces.piece_bytes)
        except SyncError:
            self.position_bytes = self.verified_bytes
            raise
        self.verified_bytes = self.position_bytes

    def _sync_is_due(self) -> bool:
        if self.verified_bytes - self._synced_bytes >= self._sync_bytes:
            return True
        return time.monotonic() - self._synced_at_s >= self._sync_every_s

    def _sync(self, file: BinaryIO) -> None:
        file.flush()
        os.fsync(file.fileno())
        self._synced_at_s = time.monotonic()
        self._synced_bytes = self.verified_bytes

    def finish(self, final_path: Path) -> None:
        """Read the whole file again, verify it, and give it its name in one step.

        Raises:
            SyncError: it is damaged, and thrown away: what tells of its pieces must be wrong, or
                the disk; or it is not complete.
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        pieces = self._pieces
        if not self.complete or self._file is None:
            raise pieces.damaged(f"{pieces.sha256} is not complete")
        try:
            self._sync(self._file)
            self._file.seek(0)
            digest = file_sha256(self._file)
            self.close()
            if digest != pieces.sha256:
                self.part_path.unlink()
                raise pieces.damaged(pieces.sha256)
            final_path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.part_path, final_path)  # noqa: PTH105
            sync_folder(final_path.parent)
        except OSError as error:
            raise disk_error(error, final_path) from error
