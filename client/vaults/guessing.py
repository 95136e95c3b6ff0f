"""Slowing down who guesses: the longer it goes wrong, the longer until the next try.

A try is written down before it is made, so switching the machine off in the middle counts as a
wrong one. The wait is counted in time that this programme runs, not by the clock on the wall,
which anybody may put forward: after a restart it begins anew. Ten thousand wrong PINs take over a
year. What is written down lies there twice; where both are gone though there are vaults, somebody
took them away, and the longest wait counts for each vault, once.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, Optional

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.laptop.storage.files import write_whole

FREE_TRIES = 3
"""Fingers slip: so many cost nothing."""
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 3600.0
COPY = ".copy"
_EVERYBODY = "*"
"""Whom the wrong tries are counted for that nobody knows of any more."""

Monotonic = Callable[[], float]


def wait_s(wrong: int) -> float:
    """Return how long to wait after so many wrong tries in a row, in seconds."""
    if wrong < FREE_TRIES:
        return 0.0
    doublings = min(wrong - FREE_TRIES, 20)
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**doublings))


LONGEST_AFTER = next(wrong for wrong in range(100) if wait_s(wrong) == LONGEST_WAIT_S)


@dataclass(frozen=True)
class _Wait:
    wrong: int
    since_s: float


class Guesses:
    """The wrong tries at each vault of a folder, kept over restarts."""

    def __init__(
        self, path: Path, monotonic: Monotonic = time.monotonic, expected: bool = False
    ) -> None:
        """Keep them in a file and its copy; ``monotonic`` is a clock that cannot be put forward.

        ``expected`` says that there must be such a file already.
        """
        self._path = path
        self._monotonic = monotonic
        now_s = monotonic()
        kept = self._kept()
        if kept is None:
            kept = {_EVERYBODY: LONGEST_AFTER} if expected else {}
        self._waits: Dict[str, _Wait] = {name: _Wait(wrong, now_s) for name, wrong in kept.items()}

    def wrong(self, name: str) -> int:
        """Return how many tries went wrong in a row."""
        return self._wait(name).wrong

    def remaining_s(self, name: str) -> float:
        """Return how long to wait until the next try."""
        wait, now_s = self._wait(name), self._monotonic()
        if now_s < wait.since_s:
            # The clock went back: what was waited is not known, and nobody waits for it to return.
            wait = self._waits[name] = replace(wait, since_s=now_s)
        return max(0.0, wait_s(wait.wrong) - (now_s - wait.since_s))

    def begin(self, name: str) -> None:
        """Count a try as wrong, on the disk, before it is made.

        Raises LaptopError ``vault-wait`` while it is too early, and counts nothing then.
        """
        self._hear(name)
        left_s = self.remaining_s(name)
        if left_s > 0:
            raise failure("vault-wait", Fault.YOUR_DATA, n=max(1, round(left_s)))
        self._note(name, self.wrong(name) + 1)

    def right(self, name: str) -> None:
        """Forget the wrong tries: the last one was right."""
        if self.wrong(name):
            self._note(name, 0)

    def keep(self) -> None:
        """Write down what is known, if nothing is: before the first vault is made."""
        if self._kept() is None:
            self._save(self._known())

    def _note(self, name: str, wrong: int) -> None:
        """Count for one vault; for the others, what another window wrote down stays as it is."""
        self._waits[name] = _Wait(wrong, self._monotonic())
        kept, known = self._kept(), self._known()
        if kept is not None:
            # Who took everything away waits for each vault, whatever was written since.
            known = {**(known if _EVERYBODY in known else {}), **kept, name: wrong}
        self._save(known)

    def _known(self) -> Dict[str, int]:
        return {name: wait.wrong for name, wait in self._waits.items()}

    def _wait(self, name: str) -> _Wait:
        nobody = self._waits.get(_EVERYBODY, _Wait(0, 0.0))
        return self._waits.get(name, nobody)

    def _hear(self, name: str) -> None:
        """Count what was tried in another window of this programme meanwhile."""
        wrong = (self._kept() or {}).get(name, 0)
        if wrong > self.wrong(name):
            self._waits[name] = _Wait(wrong, self._monotonic())

    def _kept(self) -> Optional[Dict[str, int]]:
        first = _load(self._path)
        return _load(self._copy()) if first is None else first

    def _copy(self) -> Path:
        return self._path.with_name(self._path.name + COPY)

    def _save(self, tries: Dict[str, int]) -> None:
        everybody = _EVERYBODY in tries
        wrong = {name: count for name, count in tries.items() if count or everybody}
        data = json.dumps(wrong, sort_keys=True).encode("utf-8")
        for path in (self._path, self._copy()):
            try:
                write_whole(path, data)
            except OSError:
                if not path.is_file():
                    raise
                # A full disk locks nobody out: what is torn here, the other file has.
                _overwrite(path, data)


def _overwrite(path: Path, data: bytes) -> None:
    """Write into the room that a file has already. Raises OSError where it is not enough."""
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _load(path: Path) -> Optional[Dict[str, int]]:
    """Read what is kept; None where nothing is, or nothing that can be read."""
    try:
        values = json.loads(path.read_bytes().decode("utf-8"))
        return {str(name): max(0, int(wrong)) for name, wrong in values.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
