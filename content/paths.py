"""Which paths a pack may hold: those that mean one file, inside the pack, on every system."""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, Iterable

from content.errors import PathError

MAX_PATH = 150
"""Characters; Windows 7 allows 259 for the whole path, the data folder in front included."""
MAX_PART_BYTES = 120
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³])\Z", re.IGNORECASE
)
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def check_path(path: str) -> str:
    """``path`` itself when it is safe; raises PathError with a sentence that says why not.

    Safe is: parts joined by "/", relative, without "." and "..", no hidden part, nothing that
    Windows reserves or strips, normalised to Unicode NFC, 150 characters at most.
    """
    shown = repr(path[:80])
    if not path or len(path) > MAX_PATH:
        raise PathError(f"The path {shown} is empty or above {MAX_PATH} characters; rename it.")
    if any(unicodedata.category(letter) in _INVISIBLE for letter in path):
        raise PathError(f"The path {shown} holds an invisible character; rename it.")
    if unicodedata.normalize("NFC", path) != path:
        raise PathError(f"The path {shown} is not in Unicode's composed form (NFC); rename it.")
    for part in path.split("/"):
        _check_part(part, shown)
    return path


def _check_part(part: str, shown: str) -> None:
    if part in ("", ".", ".."):
        raise PathError(f"The path {shown} leads elsewhere; only plain relative paths are allowed.")
    if part.startswith("."):
        raise PathError(f"The path {shown} has a hidden part; names must not begin with a dot.")
    if part[-1] in ". " or part[0] == " ":
        raise PathError(f"The path {shown} has a part with a space or dot at its edge; rename it.")
    if _FORBIDDEN.search(part):
        raise PathError(f'The path {shown} holds one of < > : " | ? * \\ ; rename it.')
    # Windows looks at what stands before the first dot, spaces in front of it aside.
    if _RESERVED.match(part.split(".", maxsplit=1)[0].rstrip()):
        raise PathError(f"The path {shown} uses a name that Windows reserves; rename it.")
    if len(part.encode("utf-8")) > MAX_PART_BYTES:
        raise PathError(
            f"The path {shown} has a part longer than {MAX_PART_BYTES} bytes; rename it."
        )


def check_paths(paths: Iterable[str]) -> None:
    """Check each path, and that no two of them meet on a system that ignores case.

    Raises PathError, also when one path is a file and a folder at once.
    """
    files: Dict[str, str] = {}
    folders: Dict[str, str] = {}
    for path in paths:
        folded = _folded(check_path(path))
        if folded in files:
            twin = files[folded]
            raise PathError(f"The paths {twin!r} and {path!r} are the same file on Windows.")
        files[folded] = path
        _note_folders(folders, path)
    for folded, path in files.items():
        if folded in folders:
            raise PathError(f"The path {path!r} is a file and a folder at once.")


def _note_folders(folders: Dict[str, str], path: str) -> None:
    parts = path.split("/")
    for end in range(1, len(parts)):
        folder = "/".join(parts[:end])
        known = folders.setdefault(_folded(folder), folder)
        if known != folder:
            raise PathError(f"The folders {known!r} and {folder!r} are the same on Windows.")


def _folded(path: str) -> str:
    # Windows compares upper-cased, others case-folded: what meets under either is refused.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path.upper()).casefold())


def is_reserved(name: str) -> bool:
    """Whether Windows keeps ``name`` for a device."""
    return bool(_RESERVED.match(name))
