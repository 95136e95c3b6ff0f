"""Find Python interpreters that really run; version managers leave stubs on PATH that do not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, NamedTuple, Optional, Tuple

from build.say import BuildError

OLDEST = (3, 8)
NEWEST = (3, 13)
"""Kivy 2.3.1 has no wheel for anything newer."""

_ASK = "import sys; print(*sys.version_info[:3]); print(sys.executable)"


class Interpreter(NamedTuple):
    """A Python that answered: its path and its version as (major, minor, micro)."""

    path: Path
    version: Tuple[int, int, int]

    @property
    def label(self) -> str:
        """The version as people write it, such as `3.11.7`."""
        return ".".join(map(str, self.version))


def suits(version: Tuple[int, ...]) -> bool:
    """Tell whether every locked requirement has a wheel for this version."""
    return OLDEST <= version[:2] <= NEWEST


def ask(path: Path) -> Optional[Interpreter]:
    """Run an interpreter and return what it says about itself; None if it does not run."""
    try:
        answer = subprocess.run(
            [str(path), "-I", "-c", _ASK], capture_output=True, text=True, timeout=20, check=True
        )
        numbers, executable = answer.stdout.splitlines()[:2]
        major, minor, micro = map(int, numbers.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Interpreter(Path(executable), (major, minor, micro))


def current() -> Interpreter:
    """Return the interpreter that runs this command, or its base one inside an environment."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    return Interpreter(Path(base), (sys.version_info[0], sys.version_info[1], sys.version_info[2]))


def _candidates(minor: int) -> Iterator[Path]:
    name = f"python3.{minor}"
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path("~/.pyenv").expanduser())]
    for root in dict.fromkeys(filter(None, roots)):
        yield from sorted(Path(root, "versions").glob(f"3.{minor}*/bin/{name}"), reverse=True)
    yield from (Path("/usr/local/bin", name), Path("/usr/bin", name), Path("/opt/python/bin", name))


def find(minor: int) -> Optional[Interpreter]:
    """Return a running Python 3.`minor` from PATH or pyenv, or None."""
    mine = current()
    if mine.version[:2] == (3, minor):
        return mine
    for path in _candidates(minor):
        found = ask(path) if path.exists() else None
        if found and found.version[:2] == (3, minor):
            return found
    return None


def for_development() -> Interpreter:
    """Return the interpreter for the environment: the one running now, if it suits, or another.

    Raises BuildError when this machine has none from 3.8 to 3.13.
    """
    mine = current()
    if suits(mine.version):
        return mine
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = find(minor)
        if found:
            return found
    raise BuildError(
        f"Keruen needs Python 3.8 to 3.13 and this is {mine.label}. "
        "Install one of them (on Debian: apt-get install python3 python3-venv) and run it instead."
    )
