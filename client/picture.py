"""The window's pixels as a PNG, for the demo, the project's pictures and the tests."""

from __future__ import annotations

import struct
import zlib
from typing import Any

CHANNELS = 4
"""RGBA: rows of whole words, so that no width needs padding (Kivy's screenshot forgets it)."""


def png(width: int, height: int, rows: bytes) -> bytes:
    """Encode RGBA rows, bottom row first as OpenGL gives them (PNG, ISO/IEC 15948)."""
    stride = width * CHANNELS
    lines = []
    for at in range(height - 1, -1, -1):
        lines.append(b"\0" + rows[at * stride : (at + 1) * stride])
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(b"".join(lines), 6)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def png_of_window(window: Any) -> bytes:
    """Read what the window shows now. Call it on the window's thread."""
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

    width, height = window.size
    window.dispatch("on_draw")
    rows = bytearray(glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE))
    rows[3::CHANNELS] = b"\xff" * (width * height)
    return png(width, height, bytes(rows))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
