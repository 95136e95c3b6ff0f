"""The drives of this machine that may be sticks, and which came and went since one last looked.

Nothing on a drive is read: whether it carries our folder is for whoever asks. A drive that the
system itself starts from is none, and one on a network is none either.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Callable, Dict, Iterable, NamedTuple, Optional, Tuple


class Drive(NamedTuple):
    """A mounted file system.

    ``label`` is what people call it, or empty; ``file_system`` the system's word for its kind;
    ``removable`` whether it can be pulled out, as far as the system knows; ``serial`` tells one
    medium from the next in the same place, or is empty.
    """

    root: Path
    label: str
    file_system: str
    removable: bool
    serial: str = ""


class Change(NamedTuple):
    """What is there now and was not, and what was there and is not any more."""

    came: Tuple[Drive, ...]
    went: Tuple[Drive, ...]


def drives(platform: str = sys.platform) -> Tuple[Drive, ...]:
    """List the drives that may be sticks, by their roots.

    Takes a millisecond on Linux and Android; on Windows a damaged disc may keep it for seconds,
    so it belongs on a worker's thread.
    """
    found: Iterable[Drive]
    if platform == "win32":
        from sync.sticks import windows_drives

        found = windows_drives.found(windows_drives.kernel(), _system_drive())
    elif platform == "darwin":
        found = _volumes(Path("/Volumes"))
    else:
        from sync.sticks import mounts

        found = mounts.found(mounts.MACHINE)
    return tuple(sorted(found, key=lambda drive: str(drive.root)))


def disks(platform: str = sys.platform) -> Tuple[Path, ...]:
    """List the roots of built-in disks and partitions beside the one that the system lies on.

    That is where data outlive software that sets the system's own disk back at every start.
    """
    found: Iterable[Path] = ()
    if platform == "win32":
        from sync.sticks import windows_drives

        found = windows_drives.disks(windows_drives.kernel(), _system_drive())
    elif platform != "darwin":
        from sync.sticks import mounts

        found = mounts.disks(mounts.MACHINE)
    return tuple(sorted(found))


def drive_of(path: Path, look: Callable[[], Tuple[Drive, ...]] = drives) -> Optional[Drive]:
    """Find the drive, of those that may be sticks, on which a file lies or would lie."""
    whole = Path(os.path.realpath(path))
    holding = [drive for drive in look() if drive.root == whole or drive.root in whole.parents]
    return max(holding, key=lambda drive: len(drive.root.parts), default=None)


def may_be_pulled_out(path: Path, platform: str = sys.platform) -> bool:
    """Tell whether a file lies, or would lie, on what may be a stick. Takes a millisecond."""
    if platform == "win32":
        from sync.sticks import windows_drives

        return windows_drives.is_plugged(windows_drives.kernel(), Path(os.path.realpath(path)))
    return drive_of(path, lambda: drives(platform)) is not None


def ask_nobody(platform: str = sys.platform) -> None:
    """Have this process told of a drive that is gone, where Windows would ask its user for it."""
    if platform == "win32":
        from sync.sticks import windows_drives

        windows_drives.kernel().ask_nobody()


class Watch:
    """Remembers what was there; the first look finds that everything came."""

    def __init__(self, look: Callable[[], Tuple[Drive, ...]] = drives) -> None:
        self._look = look
        self._known: Dict[Tuple[Path, str], Drive] = {}

    def poll(self) -> Change:
        """Look once, and tell what changed. A stick put in another's place came, and that one went.

        For a worker's thread, as `drives`; every two seconds is often enough.
        """
        now = {(drive.root, drive.serial): drive for drive in self._look()}
        known, self._known = self._known, now
        came = tuple(drive for key, drive in now.items() if key not in known)
        went = tuple(drive for key, drive in known.items() if key not in now)
        return Change(came, went)


def _system_drive() -> str:
    return os.environ.get("SYSTEMDRIVE", "C:")


def _volumes(folder: Path) -> Tuple[Drive, ...]:
    """List macOS's volumes; the system's own is a link there."""
    try:
        roots = [path for path in folder.iterdir() if not path.is_symlink() and path.is_mount()]
    except OSError:
        return ()
    return tuple(Drive(root, root.name, "", True) for root in roots)
