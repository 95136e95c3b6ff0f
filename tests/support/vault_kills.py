"""Processes that work on a vault and are killed while they do; what must be true afterwards.

Half of them are killed somewhere in an act, most of which is stretching; the other half while the
vault is being written, for that is where something could be lost.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import shutil
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Callable, Counter, Dict, Iterator, List, NamedTuple, Optional

from client.laptop.errors import LaptopError
from client.vaults.cabinet import Cabinet
from client.vaults.keys import public_of
from client.vaults.secrets import Secret, pictures, pin
from client.vaults.stretching import MIN_LOG_N, Cost
from client.vaults.vault_file import VaultFile, key_id, read_vault

PERSON = "p1"
OLD, NEW = pin("2705"), pictures(["cat", "sun", "yurt", "horse"])
PRIVATE = bytes(range(32))
PUBLIC = public_of(PRIVATE)
CHEAP, OTHER = Cost(MIN_LOG_N), Cost(MIN_LOG_N, 2)
BROUGHT = "brought"
ROW = b"an answer"
LONGEST_ACT_S = 30.0


class _Noting(Cabinet):
    """Tells when it begins to write."""

    def __init__(self, folder: Path, note: Callable[[str], None], cost: Cost) -> None:
        super().__init__(folder, schools={key_id(PUBLIC): PUBLIC}, fit=lambda: cost)
        self.note = note

    def _save(self, file: VaultFile) -> None:
        self.note("saving")
        super()._save(file)


class Act(NamedTuple):
    """Something that is done to a vault: how, and which secrets may open it if it was killed."""

    do: Callable[[_Noting, Path], Any]
    before: Optional[Secret]
    after: Secret


ACTS: Dict[str, Act] = {
    "create": Act(lambda here, _: here.create(PERSON, NEW), None, NEW),
    "unlock and fit": Act(lambda here, _: here.open(PERSON, OLD), OLD, OLD),
    "change": Act(lambda here, _: here.change(PERSON, OLD, NEW), OLD, NEW),
    "reset": Act(lambda here, _: here.reset(PERSON, PRIVATE, NEW), OLD, NEW),
    "move": Act(lambda here, place: here.bring(_brought(place)), OLD, NEW),
    "move to a new laptop": Act(lambda here, place: here.bring(_brought(place)), None, NEW),
}


@dataclass
class Told:
    """What came of it: how often it was killed, in which part, and which secret opened then."""

    kills: Counter[str] = field(default_factory=Counter)
    opened: Counter[str] = field(default_factory=Counter)
    wrong: List[str] = field(default_factory=list)


class Killing:
    """Prepares a laptop for each act, lets a process do it, kills that, and looks."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._dice = random.Random(seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__, "client.vaults.cabinet"])
        self._locked = self._templates()
        self._times_s: Dict[str, Dict[str, float]] = {}
        self.told = Told()

    def _templates(self) -> bytes:
        """Make laptops to begin from; return what was locked on one."""
        made = _Noting(self._folder / "made", lambda _: None, CHEAP)
        vault = made.create(PERSON, OLD)
        shutil.copytree(self._folder / "made", self._folder / "elsewhere")
        there = _Noting(self._folder / "elsewhere", lambda _: None, CHEAP)
        there.change(PERSON, OLD, NEW)
        for name in ("made", "new"):
            (self._folder / name).mkdir(exist_ok=True)
            (self._folder / name / BROUGHT).write_bytes(there.file(PERSON).to_bytes())
        return vault.lock(ROW, "row")

    def kill(self, times: int) -> Told:
        """Kill that often, each act in its turn."""
        for at in range(times):
            name = list(ACTS)[at % len(ACTS)]
            if name not in self._times_s:
                self._times_s[name] = self._measured(name)
            self._one(name, "saving" if self._dice.random() < 0.5 else "begun")
        return self.told

    def _one(self, name: str, part: str) -> None:
        place = self._fresh(name)
        process, notes = self._start(name, place)
        heard = [_next(notes)]
        while heard[-1] != part:
            heard.append(_next(notes))
        # A little longer than it takes: whatever is said to be done must be done as well.
        time.sleep(self._dice.uniform(0, 1.1 * self._times_s[name][part]))
        process.kill()
        process.join()
        heard += _rest(notes)
        notes.close()
        self.told.kills[f"{name}, {'writing' if part == 'saving' else 'anywhere'}"] += 1
        self._look(name, place, done="done" in heard)

    def _look(self, name: str, place: Path, done: bool) -> None:
        act = ACTS[name]
        after = Cabinet(place, fit=lambda: CHEAP)
        which = "new" if self._opens(after, act.after, name) else "old"
        if which == "old" and act.before is None:
            which = "damaged" if after.has(PERSON) else "none"
        elif which == "old" and act.before and not self._opens(after, act.before, name):
            which = "damaged"
        self.told.opened[which] += 1
        if which == "damaged" or (done and which != "new"):
            self.told.wrong.append(f"{name}: {which}, done: {done}")

    def _opens(self, cabinet: Cabinet, secret: Secret, name: str) -> bool:
        try:
            vault = cabinet.open(PERSON, secret)
        except LaptopError as error:
            if error.code not in ("secret-wrong", "vault-missing"):
                self.told.wrong.append(f"{name}: {error.code}")
            return False
        return name == "create" or vault.unlock(self._locked, "row") == ROW

    def _measured(self, name: str) -> Dict[str, float]:
        """How long an act takes from its beginning, and from when it begins to write."""
        process, notes = self._start(name, self._fresh(name))
        at_s = {}
        while "done" not in at_s:
            at_s[_next(notes)] = time.monotonic()
        process.join()
        notes.close()
        return {part: at_s["done"] - at_s[part] for part in ("begun", "saving")}

    def _fresh(self, name: str) -> Path:
        place = self._folder / "laptop"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self._folder / ("made" if ACTS[name].before else "new"), place)
        return place

    def _start(self, name: str, place: Path) -> Any:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_life, args=(name, place, theirs), daemon=True)
        process.start()
        theirs.close()
        return process, ours


def _life(name: str, place: Path, notes: Connection) -> None:
    here = _Noting(place, notes.send, OTHER if name == "unlock and fit" else CHEAP)
    notes.send("begun")
    ACTS[name].do(here, place)
    notes.send("done")


def _brought(place: Path) -> VaultFile:
    return read_vault((place / BROUGHT).read_bytes())


def _next(notes: Connection) -> str:
    assert notes.poll(LONGEST_ACT_S), "the process says nothing"
    return str(notes.recv())


def _rest(notes: Connection) -> Iterator[str]:
    """What was said before the end, and not heard yet."""
    with contextlib.suppress(EOFError):
        while True:
            yield _next(notes)
