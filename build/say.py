"""What the person at the terminal reads: short steps, and failures that name what to do."""

from __future__ import annotations

import os
import sys
import time
from typing import Sequence


class BuildError(Exception):
    """Stops the command. Its text is a sentence for the person: what happened and what to do."""


def step(text: str) -> None:
    """Say what is being done now."""
    print(f"* {text}", flush=True)


def detail(text: str) -> None:
    """Say something about the current step."""
    for line in text.splitlines():
        print(f"    {line}", flush=True)


def seconds(since_s: float) -> str:
    """Return the time since a `time.monotonic()` reading as words."""
    return f"{time.monotonic() - since_s:.0f} s"


class Counter:
    """A count that grows in place on a terminal, and a few plain lines anywhere else."""

    def __init__(self, what: str, total: int) -> None:
        self._what = what
        self._total = max(total, 1)
        self._count = 0
        self._said = 0
        self._live = sys.stdout.isatty() and not os.environ.get("CI")

    def advance(self) -> None:
        """Count one more."""
        self._count = min(self._count + 1, self._total)
        if self._live:
            print(f"\r    {self._what}: {self._count} of {self._total}", end="", flush=True)
            return
        quarter = 4 * self._count // self._total
        if quarter > self._said:
            self._said = quarter
            detail(f"{self._what}: {self._count} of {self._total}")

    def finish(self) -> None:
        """Leave the line on which the count stood."""
        if self._live and self._count:
            print(flush=True)


def command_line(arguments: Sequence[str]) -> str:
    """Return a command as one would type it, for a message."""
    return " ".join(f'"{word}"' if " " in word else word for word in arguments)
