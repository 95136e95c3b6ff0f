"""`python3 build check`: format, lint, types, and that every Windows 7 pin has a wheel."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import List, NamedTuple, Tuple

from build import project, say
from build.paths import CACHE, ROOT


class Check(NamedTuple):
    """One check: its name, the arguments for Python, and what to do when it fails."""

    name: str
    arguments: Tuple[str, ...]
    remedy: str


def quick_checks() -> Tuple[Check, ...]:
    """Return the checks that need nothing but the checkout."""
    concise = ("-q", "--output-format=concise")
    return (
        Check(
            "format",
            ("-m", "ruff", "format", "--check", *concise, "."),
            ".venv/bin/ruff format .",
        ),
        Check(
            "lint",
            ("-m", "ruff", "check", *concise, "."),
            ".venv/bin/ruff check --fix . mends what can be mended",
        ),
        Check("types", ("-m", "mypy"), "mend the types"),
    )


def wheels() -> Check:
    """Return the check of the Windows 7 pins."""
    return Check(
        "Windows 7 wheels",
        ("-m", "build.windows7"),
        "see build/windows7.in, then python3 build lock",
    )


def check(python: Path, with_wheels: bool = True) -> int:
    """Run the checks, all of them even if one fails; return 0 if every one passed."""
    CACHE.mkdir(exist_ok=True)
    failed: List[Check] = []
    for one in (*quick_checks(), *([wheels()] if with_wheels else [])):
        started_s = time.monotonic()
        done = subprocess.run(
            [str(python), *one.arguments],
            cwd=str(ROOT),
            env=project.variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        say.step(
            f"{one.name}: {'failed' if done.returncode else 'fine'} ({say.seconds(started_s)})"
        )
        if done.returncode or one == wheels():
            say.detail(done.stdout.strip())
        if done.returncode:
            failed.append(one)
    for one in failed:
        say.detail(f"to mend {one.name}: {one.remedy}")
    return 1 if failed else 0
