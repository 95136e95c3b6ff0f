"""The system libraries that Kivy's wheels leave to the system: find, install, or name them.

They are looked for by loading them, not by asking a package manager, so that any distribution and
any way of installing them counts.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, NamedTuple, Sequence, Tuple

from build import say
from build.say import BuildError


class Library(NamedTuple):
    """A shared library, Debian's package of it, what it is for, and whether a window needs it."""

    file: str
    package: str
    purpose: str
    needed: bool


LIBRARIES = (
    Library("libGL.so.1", "libgl1", "drawing", True),
    Library("libEGL.so.1", "libegl1", "drawing without a display", True),
    Library("libmtdev.so.1", "libmtdev1", "touch screens", False),
)


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def missing() -> Tuple[Library, ...]:
    """Return the libraries that this system lacks; Windows and macOS lack none."""
    if not sys.platform.startswith("linux"):
        return ()
    return tuple(library for library in LIBRARIES if not _loads(library.file))


def may_install() -> bool:
    """Tell whether packages can be installed here without asking anyone: root on a Debian."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and Path("/etc/debian_version").exists() and bool(shutil.which("apt-get"))


def install_command(packages: Sequence[str]) -> str:
    """Return the command that installs Debian packages, as one would type it."""
    return f"sudo apt-get install --no-install-recommends {' '.join(packages)}"


def install(packages: Sequence[str]) -> None:
    """Install Debian packages. Raises BuildError with apt's own words when that does not work."""
    say.step(f"installing system packages: {', '.join(packages)}")
    variables = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    wanted = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    last = ""
    for command in (wanted, ["apt-get", "update", "-q"], wanted):
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=False, errors="replace"
        )
        last = done.stderr.strip() or done.stdout.strip()
        if command is wanted and done.returncode == 0:
            return
    tail = "\n".join(last.splitlines()[-5:])
    raise BuildError(f"apt-get could not install {' '.join(packages)}:\n{tail}")


def ensure() -> None:
    """Make sure that Kivy's system libraries are there: install them or say which to install."""
    lacking = missing()
    if not lacking:
        return
    packages: List[str] = [library.package for library in lacking]
    if may_install():
        install(packages)
        return
    if not any(library.needed for library in lacking):
        return
    names = "\n".join(f"{library.file} ({library.purpose})" for library in lacking)
    raise BuildError(
        f"Keruen's window needs libraries that this system lacks:\n{names}\n"
        f"On Debian or Ubuntu: {install_command(packages)}"
    )
