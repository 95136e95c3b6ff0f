"""Drives of Windows, asked through its kernel (Win32: GetLogicalDrives, GetVolumeInformationW).

A reader without a card would make Windows ask the user for one; that question is turned off for
the asking thread. The floppy drives' letters are passed over: each look would start their motors.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path, PurePath, PureWindowsPath
from typing import Iterator, List, NamedTuple, Optional, Protocol

from sync.sticks.drives import Drive

REMOVABLE, FIXED, DISC = 2, 3, 5
"""What GetDriveTypeW says; 4 is a drive on a network, 6 one in memory."""
_PLUGGED_BUSES = (4, 7, 12)
"""STORAGE_BUS_TYPE: FireWire, USB, SD. USB disks, and some sticks, call themselves fixed."""


_FLOPPIES = 2


class Volume(NamedTuple):
    """What lies in a drive."""

    label: str
    file_system: str
    serial: str


class Kernel(Protocol):
    """What is asked of Windows; a root is a drive's letter, a colon and a backslash."""

    def letters(self) -> int:
        """Return the drives that are there, a bit each, A being the lowest."""

    def kind(self, root: str) -> int:
        """Return what GetDriveTypeW says."""

    def volume(self, root: str) -> Optional[Volume]:
        """Return what lies in the drive; None for an empty or unreadable one."""

    def bus(self, root: str) -> Optional[int]:
        """Return what the drive hangs on, a STORAGE_BUS_TYPE; None where nobody says."""

    def ask_nobody(self) -> None:
        """Turn off Windows' boxes about drives that cannot be read, for this process."""


def found(kernel: Kernel, system_drive: str) -> List[Drive]:
    """List the drives with something in them that may be sticks; not the one Windows lies on."""
    drives = []
    for root in _roots(kernel, system_drive):
        kind = kernel.kind(root)
        volume = kernel.volume(root) if kind in (REMOVABLE, FIXED, DISC) else None
        if volume is not None:
            plugged = kind != FIXED or kernel.bus(root) in _PLUGGED_BUSES
            drives.append(
                Drive(Path(root), volume.label, volume.file_system, plugged, volume.serial)
            )
    return drives


def is_plugged(kernel: Kernel, path: PurePath) -> bool:
    """Tell whether a file lies on what can be pulled out; what lies in the drive is not read."""
    root = PureWindowsPath(path).drive + "\\"
    kind = kernel.kind(root)
    return kind in (REMOVABLE, DISC) or (kind == FIXED and kernel.bus(root) in _PLUGGED_BUSES)


def disks(kernel: Kernel, system_drive: str) -> List[Path]:
    """List the built-in disks and partitions beside the one that Windows lies on."""
    return [
        Path(root)
        for root in _roots(kernel, system_drive)
        if kernel.kind(root) == FIXED and kernel.bus(root) not in _PLUGGED_BUSES
    ]


def _roots(kernel: Kernel, system_drive: str) -> Iterator[str]:
    bits = kernel.letters()
    for at, letter in enumerate(string.ascii_uppercase):
        if at >= _FLOPPIES and bits >> at & 1 and system_drive[:1].upper() != letter:
            yield f"{letter}:\\"


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _FAIL_CRITICAL_ERRORS = 0x0001
    _OPEN_EXISTING = 3
    _SHARED = 0x1 | 0x2
    _QUERY_PROPERTY = 0x002D1400
    """IOCTL_STORAGE_QUERY_PROPERTY; it needs no right to read the drive."""
    _BUS_AT = 28
    """Where STORAGE_DEVICE_DESCRIPTOR has its BusType."""
    _NO_HANDLE = ctypes.c_void_p(-1).value

    class _Kernel32:
        def __init__(self) -> None:
            self._dll = ctypes.WinDLL("kernel32", use_last_error=True)
            self._dll.CreateFileW.restype = wintypes.HANDLE
            self._dll.CloseHandle.argtypes = [wintypes.HANDLE]
            self._dll.DeviceIoControl.argtypes = [
                wintypes.HANDLE,
                wintypes.DWORD,
                wintypes.LPVOID,
                wintypes.DWORD,
                wintypes.LPVOID,
                wintypes.DWORD,
                wintypes.LPVOID,
                wintypes.LPVOID,
            ]

        def ask_nobody(self) -> None:
            self._dll.SetErrorMode(self._dll.GetErrorMode() | _FAIL_CRITICAL_ERRORS)

        def letters(self) -> int:
            return int(self._dll.GetLogicalDrives())

        def kind(self, root: str) -> int:
            return int(self._dll.GetDriveTypeW(root))

        def volume(self, root: str) -> Optional[Volume]:
            label, file_system = (ctypes.create_unicode_buffer(261) for _ in range(2))
            serial, longest, flags, before = (wintypes.DWORD() for _ in range(4))
            self._dll.SetThreadErrorMode(_FAIL_CRITICAL_ERRORS, ctypes.byref(before))
            try:
                read = self._dll.GetVolumeInformationW(
                    root,
                    label,
                    len(label),
                    ctypes.byref(serial),
                    ctypes.byref(longest),
                    ctypes.byref(flags),
                    file_system,
                    len(file_system),
                )
            finally:
                self._dll.SetThreadErrorMode(before, None)
            if not read:
                return None
            return Volume(label.value, file_system.value, f"{serial.value:08x}")

        def bus(self, root: str) -> Optional[int]:
            device = "\\\\.\\" + root[:2]
            handle = self._dll.CreateFileW(device, 0, _SHARED, None, _OPEN_EXISTING, 0, None)
            if handle is None or handle == _NO_HANDLE:
                return None
            # STORAGE_PROPERTY_QUERY with zeros asks for the device's standard description.
            query, answer = ctypes.create_string_buffer(12), ctypes.create_string_buffer(1024)
            given = wintypes.DWORD()
            try:
                told = self._dll.DeviceIoControl(
                    handle, _QUERY_PROPERTY, query, 12, answer, 1024, ctypes.byref(given), None
                )
            finally:
                self._dll.CloseHandle(handle)
            if not told or given.value < _BUS_AT + 4:
                return None
            return int.from_bytes(answer.raw[_BUS_AT : _BUS_AT + 4], "little")

    def kernel() -> Kernel:
        """Give Windows itself."""
        return _Kernel32()

else:

    def kernel() -> Kernel:
        """Give Windows itself, where this is Windows."""
        raise OSError("this is not Windows")
