"""Real file systems in image files, where this machine can make and mount them.

FAT32, exFAT, NTFS and ext4 as sticks have them. Whatever is missing (a programme, a device, the
right to mount) skips the test with that reason.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, Sequence, Tuple

import pytest

FILE_SYSTEMS = ("fat32", "exfat", "ntfs", "ext4")
SIZE_BYTES = 64 << 20
_TIMEOUT_S = 60


@dataclass(frozen=True)
class _Kind:
    """How one file system is made, mounted and checked; ``loop`` where it wants a device."""

    make: Tuple[str, ...]
    mount: Tuple[str, ...]
    check: Tuple[str, ...]
    repair: Tuple[str, ...]
    read_only: Tuple[str, ...] = ("-o", "ro")
    writable: Tuple[str, ...] = ("-o", "rw")
    loop: bool = False


_KINDS: Dict[str, _Kind] = {
    "fat32": _Kind(
        ("mkfs.vfat", "-F", "32"),
        ("fusefat",),
        ("fsck.vfat", "-n"),
        ("fsck.vfat", "-a"),
        writable=("-o", "rw+"),
    ),
    "exfat": _Kind(
        ("mkfs.exfat",),
        ("mount.exfat-fuse",),
        ("fsck.exfat", "-n"),
        ("fsck.exfat", "-y"),
        loop=True,
    ),
    "ntfs": _Kind(("mkfs.ntfs", "-F", "-Q", "-q"), ("ntfs-3g",), ("ntfsfix", "-n"), ("ntfsfix",)),
    "ext4": _Kind(
        # Blocks as on any real disk: small images would get smaller ones.
        ("mkfs.ext4", "-q", "-F", "-b", "4096"),
        ("mount",),
        ("fsck.ext4", "-n", "-f"),
        ("fsck.ext4", "-y", "-f"),
        loop=True,
    ),
}

_SOURCES: Dict[str, str] = {}


def make_image(kind: str, image: Path, size_bytes: int = SIZE_BYTES) -> None:
    """Make an empty file system in a file; skips the test where that cannot be done."""
    with image.open("wb") as file:
        file.truncate(size_bytes)
    _run(*_KINDS[kind].make, str(image))


@contextlib.contextmanager
def mounted(kind: str, image: Path, folder: Path, *, read_only: bool = False) -> Iterator[Path]:
    """Mount an image on an empty folder for the block; skips where that cannot be done."""
    how = _KINDS[kind]
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(_loop_device(image)) if how.loop else str(image)
        options = how.read_only if read_only else how.writable
        _run(*how.mount, source, str(folder), *options)
        stack.callback(_unmount, folder, source)
        _SOURCES[str(folder)] = source
        if not folder.is_mount():
            pytest.skip(f"{how.mount[0]} mounted nothing")
        yield folder


def source_of(folder: Path) -> str:
    """Return where the bytes of what is mounted on a folder lie: a device, or the image."""
    return _SOURCES[str(folder)]


def check_image(kind: str, image: Path) -> None:
    """Assert that an image, which is not mounted, is a sound file system."""
    done = _start(*_KINDS[kind].check, str(image))
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")


def repair_image(kind: str, image: Path) -> None:
    """Let the system's own programme mend an image that is not mounted."""
    _start(*_KINDS[kind].repair, str(image))


@contextlib.contextmanager
def _loop_device(image: Path) -> Iterator[str]:
    device = _run("losetup", "-f", "--show", str(image)).decode("ascii").strip()
    try:
        yield device
    finally:
        _start("losetup", "-d", device)


def _unmount(folder: Path, source: str) -> None:
    """Unmount for certain: a test that failed may have left a file open."""
    if _start("umount", str(folder)).returncode:
        _start("umount", "-l", str(folder))
    # A driver that is a programme goes on writing for a moment.
    until_s = time.monotonic() + _TIMEOUT_S
    while _is_open(source) and time.monotonic() < until_s:
        time.sleep(0.01)


def _is_open(source: str) -> bool:
    """Tell whether a programme has an image or a device open."""
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(str(handle)) == source:
                return True
    return False


def _run(*command: str) -> bytes:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only the administrator of a Linux machine mounts images")
    done = _start(*command)
    if done.returncode:
        told = done.stdout.decode("utf-8", "replace").strip().replace("\n", " ")
        pytest.skip(f"{command[0]}: {told[-200:]}")
    return done.stdout


def _start(*command: str) -> subprocess.CompletedProcess[bytes]:
    programme = shutil.which(command[0], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if programme is None:
        pytest.skip(f"no {command[0]} on this machine")
    arguments: Sequence[str] = (programme, *command[1:])
    return subprocess.run(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=_TIMEOUT_S, check=False
    )
