"""How large a picture is when it is drawn, told without decoding it.

A file of a few hundred kilobytes may decode to gigabytes. Sources: PNG (W3C, third edition, 11.2),
JPEG (ITU-T T.81, B.2.2), GIF89a (18), RIFF WebP (RFC 9649, 2.4 to 2.7), BMP (BITMAPINFOHEADER).
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Optional, Tuple

from content.plain_file import open_plain
from content.storage import storage_errors

MAX_PIXELS = 16_000_000
"""64 MB when it is drawn: more than any screen shows of a lesson."""
_HEAD_BYTES = 32
_MAX_SEGMENTS = 1_000
_NO_FRAME = (0xC4, 0xC8, 0xCC)
"""Markers among those of JPEG's frames that begin none: Huffman tables, JPG, arithmetic coding."""

Size = Tuple[int, int]


def size_of_picture(path: Path) -> Optional[Size]:
    """Width and height in pixels; None for what is no picture of these kinds.

    Raises StorageError for what cannot be read.
    """
    with storage_errors(path), open_plain(path) as file:
        return size_in_stream(file)


def size_in_stream(file: BinaryIO) -> Optional[Size]:
    """The same of a picture that begins where ``file`` begins."""
    head = file.read(_HEAD_BYTES)
    if head[:2] == b"\xff\xd8":
        return _jpeg(file)
    return _of_head(head) if len(head) >= 26 else None


def may_be_drawn(path: Path) -> bool:
    """Whether it is a picture that takes bounded memory. Raises StorageError."""
    size = size_of_picture(path)
    return size is not None and 0 < size[0] * size[1] <= MAX_PIXELS


def _of_head(head: bytes) -> Optional[Size]:
    if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR":
        return _big(head[16:20]), _big(head[20:24])
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return _little(head[6:8]), _little(head[8:10])
    if head[:2] == b"BM":
        # A negative height means that the rows go downwards.
        return _little(head[18:22]), abs(int.from_bytes(head[22:26], "little", signed=True))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    return None


def _webp(head: bytes) -> Optional[Size]:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + _little(head[24:27]), 1 + _little(head[27:30])
    if kind == b"VP8L":
        bits = _little(head[21:25])
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF
    return None


def _jpeg(file: BinaryIO) -> Optional[Size]:
    """The size in the first frame's header; what comes before it is passed over."""
    file.seek(2)
    for _ in range(_MAX_SEGMENTS):
        marker = file.read(2)
        while marker[1:] == b"\xff":
            marker = b"\xff" + file.read(1)
        if len(marker) < 2 or marker[0] != 0xFF:
            return None
        length = _big(file.read(2))
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in _NO_FRAME:
            frame = file.read(5)
            return (_big(frame[3:5]), _big(frame[1:3])) if len(frame) == 5 else None
        if length < 2:
            return None
        file.seek(length - 2, 1)
    return None


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
