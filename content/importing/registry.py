"""Which importer reads a file: told by its name's ending, or by its first bytes.

An importer is imported when it is first needed: its libraries are large, and optional.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Callable, Mapping, Optional, Tuple

from content.importing.errors import ImportFailure
from content.importing.limits import MAX_FILE_BYTES
from content.importing.outcome import Imported

Read = Callable[[bytes, str], Imported]

_ENDINGS: Mapping[str, Tuple[str, ...]] = {
    "csv_table": (".csv", ".tsv"),
    "docx": (".docx",),
    "gift": (".gift",),
    "html_file": (".html", ".htm", ".xhtml"),
    "imscc": (".imscc",),
    "markdown": (".md", ".markdown"),
    "pdf": (".pdf",),
    "pptx": (".pptx",),
    "srt": (".srt",),
    "webvtt": (".vtt",),
    "xlsx_table": (".xlsx", ".xlsm"),
}
"""Module of an importer to the endings that mean it and nothing else."""
_SNIFFED = (".qti", ".txt", ".xml", ".zip")
ENDINGS: Tuple[str, ...] = tuple(
    sorted({ending for endings in _ENDINGS.values() for ending in endings} | set(_SNIFFED))
)
"""Every ending that may be importable, in lower case, with its dot."""
_HEAD_BYTES = 64 * 1024
_GIFT = re.compile(
    r"^[ \t]*(::.*::|\$CATEGORY:)|(?<!\\)\{[^{}]*(?<!\\)\}|(?<!\\)\{\s*[=~#TF]", re.M
)
_ROOT = re.compile(r"<(?!\?|!)(?:[\w.-]+:)?([\w.-]+)")
_ROOTS = {
    "quiz": "moodle",
    "assessmentItem": "qti",
    "assessmentTest": "qti",
    "qti-assessment-item": "qti",
    "qti-assessment-test": "qti",
    "questestinterop": "qti12",
}


def importer_of(data: bytes, name: str) -> str:
    """The name of the importer for a file, or nothing where there is none."""
    lower = name.lower()
    for importer, endings in _ENDINGS.items():
        if lower.endswith(endings):
            return importer
    if lower.endswith(".zip") or (data[:4] == b"PK\x03\x04" and not lower.endswith(_SNIFFED)):
        return "package"
    if lower.endswith((".qti", ".xml")):
        return _of_xml(_head(data))
    if lower.endswith(".txt"):
        return "gift" if _GIFT.search(_head(data)) else "plain_text"
    return ""


def read(data: bytes, name: str) -> Imported:
    """Import one file; ``name`` is its name, with the ending.

    Raises ImportFailure naming the file where nothing of it can be read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise ImportFailure(f"{name} is larger than {MAX_FILE_BYTES >> 20} MiB; split it.")
    importer = importer_of(data, name)
    if not importer:
        raise ImportFailure(f"{name} is of no kind that can be imported; see docs/importing.md.")
    return reader(importer)(data, name)


def reader(importer: str) -> Read:
    """The function ``read`` of an importer; raises ImportFailure when its library is missing."""
    try:
        found: Optional[Read] = getattr(
            import_module(f"content.importing.{importer}"), "read", None
        )
    except ImportError as problem:
        raise ImportFailure(
            f"The library {problem.name} is missing; install keruen[author]."
        ) from problem
    if found is None:
        raise ImportFailure(f"There is no importer {importer}.")
    return found


def _head(data: bytes) -> str:
    head = data[:_HEAD_BYTES]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8-sig", "replace")


def _without_comments(head: str) -> str:
    while "<!--" in head:
        before, _, after = head.partition("<!--")
        head = before + after.partition("-->")[2]
    return head


def _of_xml(head: str) -> str:
    found = _ROOT.search(_without_comments(head))
    return _ROOTS.get(found[1], "") if found else ""
