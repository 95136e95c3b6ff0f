"""Which paths a pack may hold: those that mean one file, inside the pack, on every system."""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, Iterable

from content.errors import PathError

MAX_PATH = 150
"""UTF-16 units, as Windows counts: its 259 hold the data folder in front of it too."""
MAX_PART_BYTES = 120
MAX_PARTS = 12
"""Folders in folders: more would make a list of files cost many times its own size."""
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_RESERVED = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|CLOCK\$|(?:COM|LPT)[0-9¹²³])\Z", re.IGNORECASE
)
_SHORT_NAME = re.compile(r"[^.]{1,6}~[0-9]{1,6}(?:\.[^.]{0,3})?\Z")
"""What Windows calls long names besides: ``KERUEN~1`` would be our own folder ``.keruen``."""
_DOTTED_I = "i\u0307"
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def check_path(path: str) -> str:
    """``path`` itself when it is safe; raises PathError with a sentence that says why not.

    Safe is: parts joined by "/", relative, without "." and "..", no hidden part, nothing that
    Windows reserves, strips or has another name for, normalised to Unicode NFC, 12 parts and 150
    UTF-16 units at most.
    """
    shown = repr(path[:80])
    if not path or len(path.encode("utf-16-le", "surrogatepass")) > 2 * MAX_PATH:
        raise PathError(f"The path {shown} is empty or above {MAX_PATH} characters; rename it.")
    if not path.isprintable() and any(map(_is_invisible, path)):
        raise PathError(f"The path {shown} holds an invisible character; rename it.")
    if unicodedata.normalize("NFC", path) != path:
        raise PathError(f"The path {shown} is not in Unicode's composed form (NFC); rename it.")
    parts = path.split("/")
    if len(parts) > MAX_PARTS:
        raise PathError(f"The path {shown} has more than {MAX_PARTS} parts; use fewer folders.")
    for part in parts:
        _check_part(part, shown)
    return path


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in _INVISIBLE


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
    if _SHORT_NAME.match(part):
        raise PathError(f"The path {shown} looks like a short name of Windows; rename it.")
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
        parts = check_path(path).split("/")
        folded = [_folded(part) for part in parts]
        name = "/".join(folded)
        if name in files:
            twin = files[name]
            raise PathError(f"The paths {twin!r} and {path!r} are the same file on Windows.")
        files[name] = path
        for end in range(1, len(parts)):
            folder = "/".join(parts[:end])
            known = folders.setdefault("/".join(folded[:end]), folder)
            if known != folder:
                raise PathError(f"The folders {known!r} and {folder!r} are the same on Windows.")
    for both in sorted(files.keys() & folders.keys()):
        raise PathError(f"The path {files[both]!r} is a file and a folder at once.")


def _folded(part: str) -> str:
    # Windows compares upper-cased, others case-folded, Turkish ones without an i's dot: what meets
    # under any of them is refused.
    folded = unicodedata.normalize("NFD", part.upper()).casefold().replace(_DOTTED_I, "i")
    return unicodedata.normalize("NFC", folded)


def is_reserved(name: str) -> bool:
    """Whether Windows keeps ``name`` for a device."""
    return bool(_RESERVED.match(name))
