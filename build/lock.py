"""`python3 build lock`: renew the locked requirements, for every Python and system at once.

Both files come from one resolution's inputs, pyproject.toml and windows7.in, so that the lock's
choice for Python 3.8 and the pins for Windows 7 agree. No index's address gets into either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import List, Sequence

from build import environment, interpreters, say
from build.paths import CACHE, HELD_BACK, LOCK, PYPROJECT, ROOT, WINDOWS7_PINS
from build.say import BuildError

_QUIET = ("--quiet", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links")
_OLDEST = "3.8"
_LOCK_HEADER = """\
# Everything for every Python from 3.8 to 3.13 and every system, by hash.
# Made by `python3 build lock` from pyproject.toml and build/windows7.in.
"""
_PINS_HEADER = """\
# Everything in the client for Windows 7: 64-bit, Python 3.8. Made by `python3 build lock`.
# `python3 build check` proves that each has a wheel there and that together they are complete.
"""


def lock() -> int:
    """Write both requirement files anew; the old ones stay if the resolving fails."""
    uv = _uv()
    say.step("resolving for every Python and system")
    universal = ["--universal", "--generate-hashes", "--all-extras", "--group", "tools"]
    locked = _compile(uv, universal)
    say.step("resolving the client for Windows 7")
    windows = ["--python-platform", "windows", "--extra", "client", "--only-binary", ":all:"]
    pins = _compile(uv, windows)
    LOCK.write_text(_LOCK_HEADER + locked, encoding="utf-8")
    WINDOWS7_PINS.write_text(_PINS_HEADER + pins, encoding="utf-8")
    say.step("written: look at the difference, then run python3 build check")
    return 0


def _compile(uv: Path, choices: Sequence[str]) -> str:
    command = [str(uv), "pip", "compile", *_QUIET, "--python-version", _OLDEST, "--upgrade"]
    command += [*choices, "--constraint", str(HELD_BACK), str(PYPROJECT)]
    done = subprocess.run(command, cwd=str(ROOT), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"the requirements do not resolve:\n{done.stderr.strip()}")
    return done.stdout


def _uv() -> Path:
    """Return uv from PATH, or put it into an environment of its own: nothing else needs it."""
    on_path = shutil.which("uv")
    if on_path:
        return Path(on_path)
    folder = CACHE / "uv"
    uv = (
        folder / ("Scripts" if os.name == "nt" else "bin") / ("uv.exe" if os.name == "nt" else "uv")
    )
    if uv.exists():
        return uv
    say.step("fetching uv, which resolves the requirements")
    commands: List[List[str]] = [
        [str(interpreters.for_development().path), "-m", "venv", "--clear", str(folder)],
        [
            str(uv.with_name("python.exe" if os.name == "nt" else "python")),
            "-m",
            "pip",
            "install",
            "-q",
            "uv",
        ],
    ]
    for command in commands:
        done = subprocess.run(
            command, env=environment.clean_variables(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BuildError(f"uv could not be fetched:\n{done.stderr.strip()}")
    return uv
