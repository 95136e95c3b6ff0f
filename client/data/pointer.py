"""Small files that tell where a laptop's data were moved, and outlive whatever is set back.

A place that data were moved away from says where to, in the file ``moved-to``. Software that sets
the system's disk back at every start takes that file away too, so the root of the disk that they
were moved to has a file of its own, ``Keruen-data.json``: for which usual place it keeps data, and
in which folder. It names that folder from the root, for Windows gives drives other letters.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path, PurePosixPath
from typing import Any, Dict, Iterable, Optional

from client.laptop.storage.files import write_whole

MOVED = "moved-to"
SURVIVOR = "Keruen-data.json"
FORMAT = 1
MAX_BYTES = 64 * 1024


def read_moved(place: Path) -> Optional[Path]:
    """Tell where the data of a place were moved; None where they were not."""
    folder = _read(place / MOVED).get("folder")
    return Path(folder) if isinstance(folder, str) and Path(folder).is_absolute() else None


def write_moved(place: Path, folder: Path) -> None:
    """Tell in a place that its data are in another folder; on the disk when this returns."""
    write_whole(place / MOVED, _to_bytes({"folder": str(folder)}))


def remove_moved(place: Path) -> None:
    """Take back what a place said; data lie there again."""
    with contextlib.suppress(FileNotFoundError):
        (place / MOVED).unlink()


def read_survivors(usual: Path, roots: Iterable[Path]) -> Iterable[Path]:
    """Find the folders that disks say they keep for the usual place."""
    for root in roots:
        folder = _places(root).get(_name(usual))
        if folder is not None:
            yield root.joinpath(*PurePosixPath(folder).parts)


def write_survivor(usual: Path, folder: Path, root: Path) -> Path:
    """Tell at a disk's root which folder on it keeps the data of the usual place.

    Raises OSError, mostly because the root is not ours to write to.
    """
    places = _places(root)
    places[_name(usual)] = folder.relative_to(root).as_posix()
    write_whole(root / SURVIVOR, _to_bytes({"places": places}))
    return root / SURVIVOR


def remove_survivors(usual: Path, roots: Iterable[Path]) -> None:
    """Take back what disks said about the usual place. Raises OSError as `write_survivor`."""
    for root in roots:
        places = _places(root)
        if places.pop(_name(usual), None) is not None:
            write_whole(root / SURVIVOR, _to_bytes({"places": places}))


def _places(root: Path) -> Dict[str, str]:
    """Read a disk's file; on a shared machine only what we or its administrator wrote counts."""
    path = root / SURVIVOR
    if not _ours(path):
        return {}
    places = _read(path).get("places")
    if not isinstance(places, dict):
        return {}
    return {name: folder for name, folder in places.items() if _inside(folder)}


def _ours(path: Path) -> bool:
    try:
        owner = path.lstat().st_uid
    except OSError:
        return False
    return os.name == "nt" or owner in (0, os.getuid())


def _inside(folder: Any) -> bool:
    if not isinstance(folder, str) or not folder or "\\" in folder or ":" in folder:
        return False
    path = PurePosixPath(folder)
    return not path.is_absolute() and ".." not in path.parts


def _name(usual: Path) -> str:
    """Name a usual place as its system compares names."""
    return os.path.normcase(os.path.abspath(usual))  # noqa: PTH100 - links stay as they are


def _read(path: Path) -> Dict[str, Any]:
    """Read a small file of ours; anything else counts as none."""
    try:
        if path.is_symlink() or not path.is_file():
            return {}
        with path.open("rb") as file:
            content = json.loads(file.read(MAX_BYTES + 1)[:MAX_BYTES].decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    known = isinstance(content, dict) and content.get("format") == FORMAT
    return dict(content) if known else {}


def _to_bytes(content: Dict[str, Any]) -> bytes:
    return json.dumps({"format": FORMAT, **content}, ensure_ascii=False, indent=1).encode("utf-8")
