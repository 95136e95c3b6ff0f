"""Slowing down who guesses: the longer it goes wrong, the longer until the next try.

A try is written down before it is made, so switching the machine off in the middle counts as a
wrong one. The wait is counted in time that this programme runs, not by the clock on the wall,
which anybody may put forward: after a restart it begins anew. Ten thousand wrong PINs take over a
year.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict

from client.laptop.errors import Fault
from client.laptop.files import write_whole
from client.laptop.problems import failure

FREE_TRIES = 3
"""Fingers slip: so many cost nothing."""
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3600.0

Monotonic = Callable[[], float]


def wait_s(wrong: int) -> float:
    """Return how long to wait after so many wrong tries in a row, in seconds."""
    if wrong < FREE_TRIES:
        return 0.0
    doublings = min(wrong - FREE_TRIES, 20)
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**doublings))


@dataclass(frozen=True)
class _Wait:
    wrong: int
    since_s: float


class Guesses:
    """The wrong tries at each vault of a folder, kept over restarts."""

    def __init__(self, path: Path, monotonic: Monotonic = time.monotonic) -> None:
        """Keep them in a file; ``monotonic`` is a clock that cannot be put forward."""
        self._path = path
        self._monotonic = monotonic
        now_s = monotonic()
        self._waits: Dict[str, _Wait] = {
            name: _Wait(wrong, now_s) for name, wrong in _load(path).items()
        }

    def wrong(self, name: str) -> int:
        """Return how many tries went wrong in a row."""
        return self._waits.get(name, _Wait(0, 0.0)).wrong

    def remaining_s(self, name: str) -> float:
        """Return how long to wait until the next try."""
        wait = self._waits.get(name)
        if wait is None:
            return 0.0
        return max(0.0, wait_s(wait.wrong) - (self._monotonic() - wait.since_s))

    def begin(self, name: str) -> None:
        """Count a try as wrong, on the disk, before it is made.

        Raises LaptopError ``vault-wait`` while it is too early, and counts nothing then.
        """
        self._hear(name)
        left_s = self.remaining_s(name)
        if left_s > 0:
            raise failure("vault-wait", Fault.YOUR_DATA, n=max(1, round(left_s)))
        before = self._waits.get(name, _Wait(0, 0.0))
        self._waits[name] = replace(before, wrong=before.wrong + 1, since_s=self._monotonic())
        self._save()

    def right(self, name: str) -> None:
        """Forget the wrong tries: the last one was right."""
        if self._waits.pop(name, None) is not None:
            self._save()

    def _hear(self, name: str) -> None:
        """Count what was tried in another window of this programme meanwhile."""
        wrong = _load(self._path).get(name, 0)
        if wrong > self.wrong(name):
            self._waits[name] = _Wait(wrong, self._monotonic())

    def _save(self) -> None:
        wrong = {name: wait.wrong for name, wait in self._waits.items()}
        write_whole(self._path, json.dumps(wrong, sort_keys=True).encode("utf-8"))


def _load(path: Path) -> Dict[str, int]:
    """Read what is kept. A damaged file makes nobody wait: it may as well have been deleted."""
    try:
        values = json.loads(path.read_bytes().decode("utf-8"))
        return {str(name): max(0, int(wrong)) for name, wrong in values.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
