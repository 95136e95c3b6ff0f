"""How full this machine's battery is, while it lives on it."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Optional

SUPPLIES = Path("/sys/class/power_supply")
_ON_MAINS = 1
_UNKNOWN_PERCENT = 255


class _PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS (Microsoft, winbase.h)."""

    _fields_ = (
        ("ac_line", ctypes.c_ubyte),
        ("flag", ctypes.c_ubyte),
        ("percent", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("life_s", ctypes.c_ulong),
        ("full_life_s", ctypes.c_ulong),
    )


def battery_percent(supplies: Path = SUPPLIES) -> Optional[int]:
    """Return how full the battery is; None on mains, without a battery, or where nobody knows."""
    if sys.platform == "win32":
        status = _PowerStatus()
        if not ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
            return None
        return from_windows(status.ac_line, status.percent)
    return _from_linux(supplies)


def from_windows(ac_line: int, percent: int) -> Optional[int]:
    """Read what Windows says of mains (1: there) and battery (255: unknown)."""
    if ac_line == _ON_MAINS or percent == _UNKNOWN_PERCENT:
        return None
    return min(100, percent)


def _from_linux(supplies: Path) -> Optional[int]:
    found = [
        int(_word(one / "capacity"))
        for one in sorted(supplies.glob("*"))
        if _word(one / "type") == "Battery"
        and _word(one / "scope") != "Device"
        and _word(one / "status") == "Discharging"
        and _word(one / "capacity").isdecimal()
    ]
    return min(found, default=None)


def _word(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
