"""Steps on all cores, in processes: a file that crashes or stalls its library spoils one step.

Each worker does one step after another. It is told to stop by being killed, which leaves nothing
but a draft; what other steps made is kept, so the same command goes on later.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Union

from content.authoring.step import Step
from content.authoring.store import Store
from content.errors import ContentError, StorageError
from content.watch import Watch

STALLED_S = 300.0
_LISTEN_S = 0.2
_TELL_S = 0.2
_KILL_S = 5.0
_MEMORY_BYTES = 2 << 30
"""For one document; where the system can limit a process."""


class Failed(NamedTuple):
    """A step that made nothing: why, and whether it would be so again.

    ``fatal`` means that no other step can make anything either: the disk is full.
    """

    text: str
    final: bool
    fatal: bool = False


Ended = Union[Dict[str, Any], Failed]


def work(
    steps: Sequence[Step],
    store: Store,
    watch: Watch,
    processes: int = 0,
    stalled_s: float = STALLED_S,
) -> Dict[str, Failed]:
    """Do all steps and keep their results; returns those that failed for now, by their key.

    The watch hears of all steps together. Raises CancelledError, and StorageError when the disk is
    full: then too, what was done is kept.
    """
    # Long ones first, taken from the end: no core waits for the last.
    waiting = sorted(steps, key=lambda step: step.cost)
    total = sum(step.cost for step in steps)
    count = max(1, min(processes or os.cpu_count() or 1, len(steps)))
    crew = [_Worker() for _ in range(count)]
    failed: Dict[str, Failed] = {}
    done = ended_count = 0
    try:
        while waiting or any(one.step for one in crew):
            for one in crew:
                if one.step is None and waiting:
                    one.begin(waiting.pop(), store)
            for ears in wait([one.ears for one in crew if one.step], _LISTEN_S):
                next(one for one in crew if one.ears is ears).hear()
            for one in crew:
                step, ended = one.step, one.ended(stalled_s)
                if step and ended is not None:
                    done += step.cost
                    ended_count += 1
                    _keep(step, ended, one, store, failed)
            here = sum(one.done_cost for one in crew)
            watch.tell(
                f"making {ended_count} of {len(steps)} files", min(done + here, total), total
            )
    finally:
        for one in crew:
            one.end()
    return failed


def _keep(
    step: Step, ended: Ended, worker: _Worker, store: Store, failed: Dict[str, Failed]
) -> None:
    if not isinstance(ended, Failed):
        store.put(step, worker.draft, ended)
    elif ended.fatal:
        raise StorageError(ended.text)
    elif ended.final:
        store.put(step, store.draft(step), {"failed": ended.text})
    else:
        failed[step.key] = ended


class _Worker:
    """A process, and the step it is at; another takes its place when it dies."""

    def __init__(self) -> None:
        self.step: Optional[Step] = None
        self.draft = Path()
        self.done_cost = 0
        self._ended: Optional[Ended] = None
        self._heard_s = 0.0
        self._start()

    def _start(self) -> None:
        # A fork of a process with threads may hang; a spawned one is the same everywhere.
        context = multiprocessing.get_context("spawn")
        self.ears, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other,), daemon=True)
        self._process.start()
        other.close()

    def begin(self, step: Step, store: Store) -> None:
        """Have it do a step."""
        if not self._process.is_alive():
            self.ears.close()
            self._start()
        self.step, self.draft, self.done_cost, self._ended = step, store.draft(step), 0, None
        self._heard_s = time.monotonic()
        self.ears.send((step, self.draft))

    def hear(self) -> None:
        """Take what it says; a line that is cut is a crash."""
        self._heard_s = time.monotonic()
        try:
            told = self.ears.recv()
        except (EOFError, OSError):
            self._kill()
            self._ended = Failed(f"{_name(self.step)} crashes the library that reads it.", False)
            return
        if isinstance(told, float):
            self.done_cost = int(told * (self.step.cost if self.step else 0))
        else:
            self._ended = told

    def ended(self, stalled_s: float) -> Optional[Ended]:
        """How the step ended, if it has; then the worker is free again."""
        if self.step and self._ended is None and time.monotonic() - self._heard_s > stalled_s:
            self._kill()
            self._ended = Failed(f"{_name(self.step)} takes too long to read.", False)
        if self._ended is not None:
            self.step, self.done_cost = None, 0
        return self._ended

    def _kill(self) -> None:
        self._process.kill()
        self._process.join(_KILL_S)

    def end(self) -> None:
        """Stop the process."""
        if self._process.is_alive():
            self._kill()
        self.ears.close()


def _name(step: Optional[Step]) -> str:
    return step.name if step else "A file"


def _serve(mouth: Connection) -> None:
    """In the process: do steps until nobody asks for more."""
    # Ctrl-C reaches every process of a terminal; the one that was started decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            step, draft = mouth.recv()
        except (EOFError, OSError):
            return
        _limit_memory(step)
        ended = _done(step, draft, mouth)
        try:
            mouth.send(ended)
        except OSError:
            return


def _done(step: Step, draft: Path, mouth: Connection) -> Ended:
    from content.authoring.steps import carry_out, is_final

    teller = _Teller(mouth)
    try:
        return carry_out(step, draft, Watch(teller))
    except ContentError as problem:
        ours = isinstance(problem, StorageError) and str(draft) in str(problem)
        return Failed(str(problem), is_final(problem), ours)
    except OSError as problem:
        return Failed(f"{draft}: the disk refused ({problem.strerror}).", False, True)
    except MemoryError:
        return Failed(f"{step.name} is too large for this machine; split it.", False)
    except Exception as problem:  # noqa: BLE001 - one file's surprise is its own
        return Failed(f"{step.name} surprised this programme: {problem!r:.200}.", False)


class _Teller:
    """Says now and then how far a step is, of all the passes over the file that it takes."""

    def __init__(self, mouth: Connection) -> None:
        self._mouth = mouth
        self._names: List[str] = []
        self._told_s = 0.0

    def __call__(self, name: str, done_bytes: int, total_bytes: int) -> None:
        if name not in self._names:
            self._names.append(name)
        now = time.monotonic()
        if now - self._told_s > _TELL_S:
            self._told_s = now
            # How many passes follow is not known: each takes a part of what is left.
            before = 1 - 0.8 ** (len(self._names) - 1)
            share = done_bytes / max(total_bytes, 1)
            self._mouth.send(min(0.99, before + (1 - before) * 0.2 * share))


def _limit_memory(step: Step) -> None:
    if sys.platform != "linux":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = hard if step.kind == "record" else _MEMORY_BYTES
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard) if limit != resource.RLIM_INFINITY else hard
    if soft != limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
