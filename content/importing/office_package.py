"""What must be true of a DOCX or PPTX before a library may unpack it (ECMA-376 part 2).

A package is a ZIP archive of XML; the libraries unpack all of it into memory, so its sizes are
counted first. XML with a document type may hold entities that grow without end: the standard
forbids them in packages (part 2, 6.2.5), and so do we.
"""

from __future__ import annotations

import io
import zipfile

from content.importing.errors import ImportFailure
from content.importing.limits import (
    MAX_PART_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED_BYTES,
    MAX_XML_ELEMENTS,
    MIB,
    RATIO_FLOOR_BYTES,
)
from content.importing.stumbling import stumbling

MAX_XML_BYTES = 24 * MIB
"""All XML of a package: as a tree it takes some ten times as much memory."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPE = "<!DOCTYPE"
_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")


def check_package(data: bytes, name: str, kind: str) -> None:
    """Raise ImportFailure for what is no package, or would not stay small when it is unpacked."""
    if data.startswith(_OLD_OFFICE):
        raise ImportFailure(
            f"{name} is of before 2007 or locked by a password; save it as {kind} without one."
        )
    with stumbling(name, kind), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise ImportFailure(f"{name} unpacks to too much; split it.")
        for part in parts:
            _check_part(part, name)
        _check_xml(archive, name)


def _check_part(part: zipfile.ZipInfo, name: str) -> None:
    grows = part.file_size > max(RATIO_FLOOR_BYTES, MAX_RATIO * part.compress_size)
    if part.file_size > MAX_PART_BYTES or grows:
        raise ImportFailure(f"{name}: the part {part.filename[:80]!r} is too large when unpacked.")
    if part.flag_bits & 1:
        raise ImportFailure(f"{name} is locked by a password; save it without one.")


def _check_xml(archive: zipfile.ZipFile, name: str) -> None:
    left = MAX_XML_BYTES
    marks_left = 2 * MAX_XML_ELEMENTS
    for part in archive.infolist():
        # Whatever a part is called, the package itself says which are XML: so look at all.
        with archive.open(part) as file:
            head = file.read(64)
            if not _may_be_xml(head):
                continue
            text = head + file.read(left + 1)
        left -= len(text)
        marks_left -= text.count(b"<")
        if left < 0 or marks_left < 0:
            raise ImportFailure(f"{name} holds too much text for one lesson; split it.")
        if any(_TYPE.encode(encoding) in text for encoding in _ENCODINGS):
            raise ImportFailure(f"{name} holds a document type, which no office programme writes.")


def _may_be_xml(head: bytes) -> bool:
    return b"<" in head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
