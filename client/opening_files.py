"""Opening a file with whatever programme this machine has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def open_with_system(path: Path) -> None:
    """Hand a file to the system, and do not wait for it.

    Raises:
        OSError: the system has no programme for it.
    """
    starter = getattr(os, "startfile", None)
    if starter is not None:
        starter(str(path))
        return
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if shutil.which(opener) is None:
        raise FileNotFoundError(opener)
    subprocess.Popen([opener, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
