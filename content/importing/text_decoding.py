"""Bytes of a text file as text, whatever encoding its programme chose.

Old programmes in Kazakhstan wrote Windows-1251 or its Kazakh kin KZ-1048 (STRK 1048-2002), which
has the same Russian letters; Windows' Notepad wrote UTF-16. None of them says so in the file.
"""

from __future__ import annotations

import codecs
from typing import Tuple

from content.importing.errors import ImportFailure
from content.importing.limits import MAX_TEXT_BYTES

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PROBED_BYTES = 4096
_BROKEN_SHARE = 50
"""One broken letter among so many others still means UTF-8 that was cut or mended badly."""


def decode_text(data: bytes, name: str) -> Tuple[str, str]:
    """The text with line feeds only, and a sentence for people where it was damaged, else "".

    Raises ImportFailure for a file that is too large or no text.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise ImportFailure(f"{name} is larger than {MAX_TEXT_BYTES >> 20} MiB of text; split it.")
    encoding, data = _encoding(data)
    text = data.decode(encoding, "replace")
    if text.count("\0") > len(text) // 1000:
        raise ImportFailure(f"{name} is no text; save it as UTF-8 text.")
    broken = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0)
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    damaged = f"{broken} letters are damaged; save it as UTF-8 again." if broken > 0 else ""
    return text, damaged


def _encoding(data: bytes) -> Tuple[str, bytes]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    head = data[:_PROBED_BYTES]
    if _zeros(head[1::2]) and not _zeros(head[::2]):
        return "utf-16-le", data
    if _zeros(head[::2]) and not _zeros(head[1::2]):
        return "utf-16-be", data
    return ("utf-8" if _is_utf8(data) else _one_byte(data)), data


def _zeros(part: bytes) -> bool:
    """Whether the high halves of UTF-16: 0 for Latin letters and spaces, 4 for Cyrillic ones."""
    return bool(part) and sum(one in (0, 4) for one in part) > 0.9 * len(part) and 0 in part


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        beyond = sum(letter > "\x7f" for letter in text)
        return text.count("\ufffd") * _BROKEN_SHARE < beyond
    return True


def _one_byte(data: bytes) -> str:
    """KZ-1048 where letters above ASCII are the rule, Windows-1252 where they are the exception."""
    high = sum(byte >= 0xC0 for byte in data)
    latin = sum(97 <= (byte | 32) <= 122 for byte in data)
    return "cp1252" if latin > 3 * high else "kz1048"
