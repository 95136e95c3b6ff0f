"""Who may read the data folder, and whether all in it belongs to whom the server runs as."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Iterator, List

from sync.finding import State
from sync_server.data_folder import DataFolder
from sync_server.doctor.finding import Finding, advice, ill, mended

RIGHTS = "rights"


def look_at_rights(folder: DataFolder, *, mend: bool) -> Iterator[Finding]:
    """Say who else may look in, and what a command of the administrator's has taken over."""
    if sys.platform == "win32":
        return
    yield from _look_in(folder.root, mend=mend)
    yield from _of_others(folder, mend=mend)


def _look_in(root: Path, *, mend: bool) -> Iterator[Finding]:
    if not _is_open(root):
        return
    if not mend:
        said = f"Others on this computer can look into {root}, where pupils' work lies."
        yield Finding(RIGHTS, State.ADVICE, said, mendable=True)
        return
    root.chmod(0o700)
    if _is_open(root):
        yield advice(RIGHTS, f"The disk of {root} keeps no rights: all its users can read it.")
    else:
        yield mended(RIGHTS, f"Nobody but its owner can look into {root} any more.")


def _is_open(root: Path) -> bool:
    return bool(root.stat().st_mode & 0o077)


def _of_others(folder: DataFolder, *, mend: bool) -> Iterator[Finding]:
    strange = _strange(folder.root)
    if not strange:
        return
    named = f"{strange[0]}{f' and {len(strange) - 1} more' if len(strange) > 1 else ''}"
    said = f"The user of this computer to whom {folder.root} belongs does not own {named}"
    if sys.platform != "win32" and os.geteuid() != 0:
        yield ill(RIGHTS, f"{said}: mend that as the administrator, with sudo.")
    elif not mend:
        yield ill(RIGHTS, f"{said}, and the service runs as that user.", mendable=True)
    else:
        for path in strange:
            folder.hand_over(path)
        yield mended(RIGHTS, f"The owner of {folder.root} owns {named} again.")


def _strange(root: Path) -> List[Path]:
    owner = root.stat().st_uid
    return [path for path in sorted(root.rglob("*")) if path.lstat().st_uid != owner]
