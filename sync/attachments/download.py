"""An attached file on its way to a reader: each 64 KiB is opened, and so verified, as it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Protocol

from sync.attachments.attachment import SEGMENT_BYTES, open_segment, piece_count
from sync.errors import AttachmentError
from sync.part_file import PartFile


class Wanted(Protocol):
    """A file that is asked for; ``key`` is None where who may open it is away."""

    @property
    def sha256(self) -> str:
        """The sealed file's name."""
        ...

    @property
    def size_bytes(self) -> int:
        """The sealed file's size."""
        ...

    @property
    def key(self) -> Optional[bytes]:
        """What opens it."""
        ...


class AttachmentDownload(PartFile):
    """A sealed file being written to a part file. Use as a context manager."""

    def __init__(self, attachment: Wanted, part_path: Path) -> None:
        """Go on with what lies at ``part_path``, or begin.

        Without its key, a file is verified as a whole when it is complete.

        Whatever it raises of a damaged file is AttachmentError ``attachment-damaged``.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        self.attachment = attachment
        super().__init__(part_path, _SealedPieces(attachment))


class _SealedPieces:
    """Segments that only the right key opens, each in its place; any, where there is no key."""

    piece_bytes = SEGMENT_BYTES

    def __init__(self, attachment: Wanted) -> None:
        self.sha256, self.size_bytes = attachment.sha256, attachment.size_bytes
        self._key = attachment.key
        self._sealed = bytearray()

    def take(self, data: memoryview) -> None:
        self._sealed += data

    def check(self, index: int) -> None:
        sealed, self._sealed = bytes(self._sealed), bytearray()
        last = index == piece_count(self.size_bytes) - 1
        if self._key is not None:
            open_segment(sealed, self._key, index, last=last)

    def damaged(self, detail: str) -> AttachmentError:
        return AttachmentError("attachment-damaged", detail)
