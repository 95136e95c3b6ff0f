"""`python3 build test`: the environment, the checks, and every test on each Python that is here."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import List, Sequence

from build import checks, environment, interpreters, project, say, scratch, system
from build.paths import ROOT

_NO_PYTEST_TESTS = 5
_SERIAL_ARGUMENTS = ("-n", "-s", "--pdb", "--capture=no", "--co", "--collect-only", "--dist")
_WINDOWS7_TESTS = (
    "tests/test_architecture.py::test_syntax_is_that_of_python_38",
    "tests/content",
    "tests/sync",
    "tests/client",
)
_WINDOWS7_LEFT_OUT = (
    "tests/client/screens",
    "tests/client/theme",
    "tests/client/video",
    "tests/client/widgets",
    "tests/client/test_app.py",
)


def test(extra: Sequence[str]) -> int:
    """Run the checks and the tests; with arguments for pytest, only what they choose.

    The main round comes last, so that its closing line is the last thing on the screen.
    """
    started_s = time.monotonic()
    python = project.make_main()
    system.ensure()
    failures: List[str] = []
    if not extra:
        if checks.check(python, with_wheels=False):
            failures.append("checks")
        if windows7_round():
            failures.append("tests on Python 3.8")
    if main_round(python, extra):
        failures.append("tests")
    if failures:
        print(f"failed: {', '.join(failures)} ({say.seconds(started_s)} in all)")
    return 1 if failures else 0


def parallel(extra: Sequence[str]) -> List[str]:
    """Return the arguments that spread a round over the cores, unless the person's forbid it.

    A file's tests stay in one process: Kivy knows one window a process, and what a file makes once
    for its tests is made once. One process more than cores, as some tests mostly wait.
    """
    if any(argument.startswith(_SERIAL_ARGUMENTS) for argument in extra):
        return []
    return ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile"]


def main_round(python: Path, extra: Sequence[str]) -> int:
    """Run pytest in `.venv` over everything or over what the arguments choose."""
    say.step(f"tests: {say.command_line(extra) or 'all of them'}")
    spread = parallel(extra)
    # Files come in our order, the slow ones first (tests/conftest.py), not those of most tests.
    ordered = ["--no-loadscope-reorder"] if spread else []
    return _pytest(python, [*spread, *ordered, *extra])


def _pytest(python: Path, arguments: Sequence[str]) -> int:
    """Run pytest without a screen; what its tests write lies in memory where there is room."""
    variables = project.variables(offscreen=True)
    with scratch.folder() as memory:
        if memory is not None:
            variables["TMPDIR"] = str(memory)
            # The folders of tests that passed would fill it.
            arguments = ["-o", "tmp_path_retention_policy=failed", *arguments]
        return project.run(python, ["-m", "pytest", *arguments], variables)


def windows7_round() -> int:
    """Run what the client for Windows 7 is made of on Python 3.8, where such a Python is found."""
    python38 = interpreters.find(8)
    if python38 is None:
        say.step("no Python 3.8 here: the tests with the Windows 7 pins are left out")
        return 0
    plan = project.windows7_plan(python38)
    python = environment.ensure(plan)
    chosen = [one for one in _WINDOWS7_TESTS if (ROOT / one.partition("::")[0]).exists()]
    left_out = [f"--ignore={path}" for path in _WINDOWS7_LEFT_OUT if (ROOT / path).exists()]
    say.step(f"tests with the Windows 7 pins on Python {python38.label}: {' '.join(chosen)}")
    again = ["-o", "cache_dir=.cache/pytest38", "--hypothesis-profile=again"]
    code = _pytest(python, [*again, *parallel([]), *left_out, *chosen])
    return 0 if code == _NO_PYTEST_TESTS else code
