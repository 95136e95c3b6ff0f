"""Where a laptop's data lies when nobody says where."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Mapping

VARIABLE = "KERUEN_DATA"
PORTABLE_MARK = "portable"
"""A file beside the folder of a portable programme's data, and beside its programmes."""


def data_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Give ``KERUEN_DATA``, or the platform's usual folder for a programme's data.

    Windows: ``%LOCALAPPDATA%`` (not roaming: videos must not follow a profile over a network);
    macOS: ``~/Library/Application Support``; elsewhere the XDG base directory for data.
    """
    given = environment.get(VARIABLE)
    if given:
        return Path(given)
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or "~").expanduser()
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Keruen"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Keruen"
    return Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "keruen"
