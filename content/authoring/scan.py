"""What lies in a teacher's folder, told by names alone."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Iterator, List, Sequence, Set, Tuple

from content import media
from content.errors import SourceError
from content.importing.outcome import Unread
from content.importing.registry import ENDINGS

VIDEO, AUDIO, PICTURE, SUBTITLES, DOCUMENT, TASKS, SETTINGS = (
    "video", "audio", "picture", "subtitles", "document", "tasks", "settings",
)  # fmt: skip
MAX_FOUND = 20_000
MAX_DEPTH = 10
_SUBTITLES = (".srt", ".vtt")
_TASKS = (".gift", ".xlsx", ".xlsm", ".csv", ".tsv", ".xml", ".zip", ".imscc")
_MOVING = (".wmv", ".flv", ".mpg", ".mpeg", ".3gp", ".ts", ".mts", ".vob", ".asf")
_SOUNDS = (".wma", ".amr", ".aif", ".aiff")
_DRAWN = (".tif", ".tiff", ".heic", ".avif")
_LITTER = re.compile(r"(\..*|.*~|~\$.*|Thumbs\.db|desktop\.ini|.*\.(tmp|bak|lnk|part))\Z", re.I)
_OLD = {
    ".doc": "DOCX", ".rtf": "DOCX", ".odt": "DOCX", ".pages": "DOCX", ".ppt": "PPTX",
    ".odp": "PPTX", ".pps": "PPTX", ".ppsx": "PPTX", ".key": "PPTX", ".xls": "XLSX",
    ".ods": "XLSX", ".djvu": "PDF", ".fb2": "PDF", ".epub": "PDF",
}  # fmt: skip
"""Endings of what people have to save in another form first."""


@dataclass(frozen=True)
class Found:
    """One file: its path in the folder with "/", where it lies, what it may become."""

    path: str
    origin: Path
    kind: str
    size_bytes: int

    @property
    def name(self) -> str:
        """The file's own name."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True)
class Scan:
    """The files of a folder in order of their paths, and what is none that can be used."""

    found: Tuple[Found, ...]
    unread: Tuple[Unread, ...]


def scan(folder: Path, beside: Sequence[Path] = ()) -> Scan:
    """List a folder; ``beside`` are folders that may lie in it and do not belong to it.

    Raises SourceError when it is no folder, or holds more than 20,000 files.
    """
    if not folder.is_dir():
        raise SourceError(f"{folder} is no folder; name the folder that holds the lessons.")
    skipped = {os.path.realpath(one) for one in beside}
    found: List[Found] = []
    unread: List[Unread] = []
    for origin in _files(folder, skipped, unread, folder):
        path = unicodedata.normalize("NFC", origin.relative_to(folder).as_posix())
        _sort_in(path, origin, found, unread)
        if len(found) > MAX_FOUND:
            raise SourceError(f"{folder} has more than {MAX_FOUND} files; choose a smaller one.")
    return Scan(tuple(found), tuple(unread))


def scan_files(files: Sequence[Path]) -> Scan:
    """The same of single files, as if they lay in one folder."""
    found: List[Found] = []
    unread: List[Unread] = []
    for origin in files:
        _sort_in(unicodedata.normalize("NFC", origin.name), origin, found, unread)
    return Scan(tuple(found), tuple(unread))


def kind_of(name: str) -> str:
    """What a name's ending lets hope for, or nothing."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _SUBTITLES:
        return SUBTITLES
    if ending == ".toml":
        return SETTINGS
    if ending in _TASKS:
        return TASKS
    if ending in ENDINGS:
        return DOCUMENT
    known = media.kind_of(name)
    if known == "file":
        known = VIDEO if ending in _MOVING else AUDIO if ending in _SOUNDS else ""
        known = PICTURE if ending in _DRAWN else known
    return known


def _files(folder: Path, skipped: Set[str], unread: List[Unread], root: Path) -> Iterator[Path]:
    for origin in sorted(folder.iterdir()):
        if _LITTER.match(origin.name) or os.path.realpath(origin) in skipped:
            continue
        inside = origin.relative_to(root).as_posix()
        state = origin.lstat()
        if stat.S_ISLNK(state.st_mode):
            unread.append(Unread(inside, "", "It is a link; put the file itself there."))
        elif stat.S_ISDIR(state.st_mode):
            if len(origin.relative_to(root).parts) > MAX_DEPTH:
                unread.append(Unread(inside, "", f"More than {MAX_DEPTH} folders in each other."))
            else:
                yield from _files(origin, skipped, unread, root)
        elif stat.S_ISREG(state.st_mode):
            yield origin
        else:
            unread.append(Unread(inside, "", "It is no plain file."))


def _sort_in(path: str, origin: Path, found: List[Found], unread: List[Unread]) -> None:
    kind = kind_of(path)
    size_bytes = origin.stat().st_size
    ending = PurePosixPath(path).suffix.lower()
    if kind and not size_bytes:
        unread.append(Unread(path, "", "The file is empty."))
    elif kind:
        found.append(Found(path, origin, kind, size_bytes))
    elif ending in _OLD:
        unread.append(Unread(path, "", f"Save it as {_OLD[ending]}; this form cannot be read."))
    else:
        unread.append(Unread(path, "", "It is of no kind that a lesson can hold."))
