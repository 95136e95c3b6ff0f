"""Drives of Linux and Android, told by the kernel's table of mounts (proc(5)) and by sysfs.

Whether one can be pulled out: the kernel calls its disk removable, it hangs on USB, or it is an SD
card. A mount whose device is gone (a stick that was pulled out and not let go of) is none.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Tuple

from sync.sticks.drives import Drive

_ON_STICKS = ("vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk", "udf", "iso9660")
_ON_DISKS = ("ext2", "ext3", "ext4", "btrfs", "xfs", "f2fs", "hfsplus")
_FILE_SYSTEMS = frozenset((*_ON_STICKS, *_ON_DISKS))
_FOR_STICKS = ("/media/", "/run/media/", "/mnt/")
"""Where systems and people mount sticks, whatever the disk says of itself."""
_SYSTEMS_OWN = re.compile(r"/($|(boot|efi|usr|var|etc|snap|nix|sysroot)(/|$))")
_ANDROIDS = re.compile(r"/storage/([0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}|[0-9A-Fa-f-]{16,36})$")
"""A card or stick of Android's, named by its serial number; ``emulated`` and ``self`` are not."""
_OCTAL = re.compile(r"\\([0-7]{3})")
_HEX = re.compile(r"\\x([0-9a-fA-F]{2})")


class Machine(NamedTuple):
    """Where the kernel tells of its mounts and devices."""

    table: Path
    sys: Path
    dev: Path

    def device_number(self, device: str) -> Optional[Tuple[int, int]]:
        """Tell the number of a device that is there. Touches no medium."""
        try:
            number = Path(device).stat().st_rdev
        except OSError:
            return None
        return (os.major(number), os.minor(number)) if number else None


MACHINE = Machine(Path("/proc/self/mounts"), Path("/sys"), Path("/dev"))


class Mount(NamedTuple):
    """A row of the table."""

    device: str
    root: str
    file_system: str


def found(machine: Machine) -> List[Drive]:
    """List the mounts that may be sticks, each device once."""
    mounts, systems = _mounts(machine.table)
    below = {mount.root.rsplit("/", 1)[1]: mount for mount in mounts if _is_androids_own(mount)}
    names, serials = (_by_device(machine.dev / "disk" / by) for by in ("by-label", "by-uuid"))
    drives: Dict[str, Drive] = {}
    for mount in mounts:
        android = _ANDROIDS.match(mount.root)
        if android:
            kind = below.get(android.group(1), mount).file_system
            drives[mount.root] = Drive(Path(mount.root), "", kind, True, android.group(1))
        elif mount.device not in drives and _may_be_stick(mount, systems):
            number = machine.device_number(mount.device)
            removable = number is not None and _removable(machine.sys, number)
            if number and (removable or mount.root.startswith(_FOR_STICKS)):
                name = os.path.realpath(mount.device)
                label = names.get(name) or Path(mount.root).name
                drives[mount.device] = Drive(
                    Path(mount.root), label, mount.file_system, removable, serials.get(name, "")
                )
    return list(drives.values())


def disks(machine: Machine) -> List[Path]:
    """List where built-in disks and partitions are mounted beside the system's own."""
    roots: Dict[str, Path] = {}
    mounts, systems = _mounts(machine.table)
    for mount in mounts:
        if _may_be_stick(mount, systems):
            number = machine.device_number(mount.device)
            if number is not None and not _removable(machine.sys, number):
                roots.setdefault(mount.device, Path(mount.root))
    return list(roots.values())


def _mounts(table: Path) -> Tuple[List[Mount], FrozenSet[str]]:
    """Read the table, and which devices the system itself lies on.

    Of two mounts over each other the upper one counts, which is the later row.
    """
    try:
        text = os.fsdecode(table.read_bytes())
    except OSError:
        return [], frozenset()
    upper: Dict[str, Mount] = {}
    for line in text.splitlines():
        fields = [_unescaped(field, _OCTAL, 8) for field in line.split(" ")]
        if len(fields) >= 3:
            upper.pop(fields[1], None)
            upper[fields[1]] = Mount(*fields[:3])
    systems = (mount.device for mount in upper.values() if _SYSTEMS_OWN.match(mount.root))
    return list(upper.values()), frozenset(systems)


def _unescaped(text: str, escape: re.Pattern[str], base: int) -> str:
    """Undo the escapes of single bytes, which together are a name in the system's encoding."""
    if "\\" not in text:
        return text
    parts = escape.split(text)
    raw = b"".join(
        bytes([int(part, base) & 0xFF]) if at % 2 else os.fsencode(part)
        for at, part in enumerate(parts)
    )
    return os.fsdecode(raw)


def _may_be_stick(mount: Mount, systems: FrozenSet[str]) -> bool:
    return (
        mount.device.startswith("/dev/")
        and mount.file_system in _FILE_SYSTEMS
        and mount.device not in systems
    )


def _is_androids_own(mount: Mount) -> bool:
    """Tell whether this is what Android shows to programmes in ``/storage``."""
    return mount.root.startswith("/mnt/media_rw/")


def _removable(sys: Path, number: Tuple[int, int]) -> bool:
    device = Path(os.path.realpath(sys / "dev" / "block" / "{}:{}".format(*number)))
    disk = device.parent if (device / "partition").exists() else device
    return (
        _said(disk / "removable") == "1"
        or any(part.startswith("usb") for part in device.parts)
        or _said(disk / "device" / "type") == "SD"
    )


def _said(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _by_device(folder: Path) -> Mapping[str, str]:
    """Read udev's links from names to devices; a name has its odd bytes escaped."""
    try:
        links = list(folder.iterdir())
    except OSError:
        return {}
    return {os.path.realpath(link): _unescaped(link.name, _HEX, 16) for link in links}
