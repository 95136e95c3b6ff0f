"""An attached file on its way to a reader: each 64 KiB is opened, and so verified, as it comes.

What arrived lies in a part file, always a beginning of the sealed file. At the start it is read and
opened again, so that nothing besides the file can disagree with it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, Optional

from sync.attachment import SEGMENT_BYTES, Attachment, open_segment, piece_count
from sync.errors import AttachmentError, ObjectError
from sync.objects import disk_error, file_sha256, sync_folder


class AttachmentDownload:
    """A sealed file being written to a part file. Use as a context manager.

    ``position_bytes`` is where the next byte belongs.
    """

    def __init__(self, attachment: Attachment, part_path: Path) -> None:
        """Go on with what lies at ``part_path``, or begin.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        self.attachment = attachment
        self.part_path = part_path
        self.position_bytes = 0
        self._tail = bytearray()
        self._file: Optional[BinaryIO] = None
        try:
            part_path.parent.mkdir(parents=True, exist_ok=True)
            self._file = part_path.open("r+b" if part_path.exists() else "w+b")
            self._resume(self._file)
        except OSError as error:
            self.close()
            raise disk_error(error, part_path) from error

    def __enter__(self) -> AttachmentDownload:
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
        """Whether all of it is here and verified."""
        return self.position_bytes == self.attachment.size_bytes

    def _resume(self, file: BinaryIO) -> None:
        while not self.complete:
            data = file.read(min(SEGMENT_BYTES, self.attachment.size_bytes - self.position_bytes))
            if not data:
                break
            try:
                self._take(data)
            except AttachmentError:
                break
        file.seek(self.position_bytes)
        file.truncate()

    def write(self, data: bytes) -> None:
        """Append bytes that came.

        Raises:
            AttachmentError: ``attachment-damaged`` when they complete a segment that does not open:
                it is dropped, and ``position_bytes`` is its start again.
            ObjectError: ``object-size`` when they are too many; ``disk-full`` or ``disk-failed``.
        """
        if self._file is None:
            raise ObjectError("disk-failed", f"{self.part_path} is closed")
        if self.position_bytes + len(data) > self.attachment.size_bytes:
            raise ObjectError("object-size", self.attachment.sha256)
        start = self.position_bytes
        try:
            self._file.write(data)
            self._file.flush()
            self._take(data)
        except OSError as error:
            self._cut(start)
            self.close()
            raise disk_error(error, self.part_path) from error
        except AttachmentError:
            self._cut(self.position_bytes)
            raise

    def _cut(self, position_bytes: int) -> None:
        try:
            if self._file is not None:
                self._file.seek(position_bytes)
                self._file.truncate()
        except OSError:
            # The next start sees what is there, and opens it again.
            self.close()

    def _take(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            start = self.position_bytes - len(self._tail)
            end = min(start + SEGMENT_BYTES, self.attachment.size_bytes)
            step = view[: end - self.position_bytes]
            self._tail += step
            self.position_bytes += len(step)
            view = view[len(step) :]
            if self.position_bytes == end:
                self._finish_segment(start)

    def _finish_segment(self, start: int) -> None:
        index = start // SEGMENT_BYTES
        sealed, self._tail = bytes(self._tail), bytearray()
        last = index == piece_count(self.attachment.size_bytes) - 1
        try:
            open_segment(sealed, self.attachment.key, index, last=last)
        except AttachmentError:
            self.position_bytes = start
            raise

    def finish(self, final_path: Path) -> None:
        """Read the whole file again, compare it with its name, and give it its place.

        Raises:
            AttachmentError: ``attachment-damaged``: it is thrown away.
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        if not self.complete or self._file is None:
            raise AttachmentError("attachment-damaged", "not complete")
        try:
            os.fsync(self._file.fileno())
            self._file.seek(0)
            digest = file_sha256(self._file)
            self.close()
            if digest != self.attachment.sha256:
                self.part_path.unlink()
                raise AttachmentError("attachment-damaged", self.attachment.sha256)
            final_path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.part_path, final_path)  # noqa: PTH105
            sync_folder(final_path.parent)
        except OSError as error:
            raise disk_error(error, final_path) from error
