"""An attached file on its way to a reader: each 64 KiB is opened, and so verified, as it comes."""

from __future__ import annotations

from pathlib import Path

from sync.attachments.attachment import SEGMENT_BYTES, Attachment, open_segment, piece_count
from sync.errors import AttachmentError
from sync.part_file import PartFile


class AttachmentDownload(PartFile):
    """A sealed file being written to a part file. Use as a context manager."""

    def __init__(self, attachment: Attachment, part_path: Path) -> None:
        """Go on with what lies at ``part_path``, or begin.

        Whatever it raises of a damaged file is AttachmentError ``attachment-damaged``.

        Raises:
            ObjectError: ``disk-full`` or ``disk-failed``.
        """
        self.attachment = attachment
        super().__init__(part_path, _SealedPieces(attachment))


class _SealedPieces:
    """Segments that only the right key opens, each in its place."""

    piece_bytes = SEGMENT_BYTES

    def __init__(self, attachment: Attachment) -> None:
        self.sha256, self.size_bytes = attachment.sha256, attachment.size_bytes
        self._key = attachment.key
        self._sealed = bytearray()

    def take(self, data: memoryview) -> None:
        self._sealed += data

    def check(self, index: int) -> None:
        sealed, self._sealed = bytes(self._sealed), bytearray()
        last = index == piece_count(self.size_bytes) - 1
        open_segment(sealed, self._key, index, last=last)

    def damaged(self, detail: str) -> AttachmentError:
        return AttachmentError("attachment-damaged", detail)
