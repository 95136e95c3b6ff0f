"""The two environments of this project, and running things in them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from build import environment, interpreters, requirements
from build.paths import CACHE, LOCK, ROOT, WINDOWS7_PINS

TEST_TOOLS = (
    "attrs",
    "exceptiongroup",
    "execnet",
    "hypothesis",
    "iniconfig",
    "packaging",
    "pluggy",
    "pytest",
    "pytest-xdist",
    "sortedcontainers",
    "tomli",
    "typing-extensions",
)
"""All that testing needs beside the Windows 7 pins, in the lock's versions for Python 3.8."""


def main_plan() -> environment.Plan:
    """Return the plan of `.venv`: everything locked, and the project itself."""
    return environment.Plan(
        ROOT / ".venv",
        interpreters.for_development(),
        LOCK.read_text(encoding="utf-8"),
        editable=True,
    )


def windows7_plan(python38: interpreters.Interpreter) -> environment.Plan:
    """Return the plan of `.venv38`: the client as Windows 7 gets it, and pytest."""
    names = {pin.name for pin in requirements.read(WINDOWS7_PINS)} | set(TEST_TOOLS)
    chosen = requirements.subset(requirements.read(LOCK), names)
    return environment.Plan(ROOT / ".venv38", python38, chosen, editable=False, complete=True)


def variables(offscreen: bool = False) -> Dict[str, str]:
    """Return the environment variables for the project's own commands.

    Kivy's folder goes to the cache: no command here may write into anybody's home.
    """
    chosen = environment.clean_variables()
    chosen["KIVY_HOME"] = str(CACHE / "kivy")
    chosen["PYTHONUTF8"] = "1"
    if offscreen:
        chosen.update(SDL_VIDEODRIVER="offscreen", SDL_AUDIODRIVER="dummy", KIVY_NO_ARGS="1")
        chosen.update(KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", LIBGL_ALWAYS_SOFTWARE="1")
        chosen.pop("KIVY_GL_BACKEND", None)
    return chosen


def has_display() -> bool:
    """Tell whether a window could be seen here."""
    if os.name == "nt":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(
    python: Path, arguments: Sequence[str], env: Optional[Dict[str, str]] = None, cwd: Path = ROOT
) -> int:
    """Run `python arguments` with this terminal and return its exit code; Ctrl+C counts as 130."""
    command: List[str] = [str(python), *arguments]
    process = subprocess.Popen(command, cwd=str(cwd), env=env or variables())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The child got it from the terminal too: let it end in its own way.
            try:
                process.wait(timeout=10)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                process.kill()
            return 130


def make_main() -> Path:
    """Make `.venv` unless it stands, and return its interpreter."""
    return environment.ensure(main_plan())
