"""Renditions on all cores: each in a process of its own, so that a crash spoils one alone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Sequence, Union

from content.errors import ContentError
from content.renditions.errors import UndecodableError
from content.renditions.make import Made, draft_of, make
from content.renditions.plan import RenditionPlan
from content.watch import UNWATCHED, Watch

STALLED_S = 300.0
"""A process that has read nothing for so long hangs."""
_LISTEN_S = 0.2
_KILL_S = 5.0


class Job(NamedTuple):
    """One rendition to be made."""

    source: Path
    target: Path
    plan: RenditionPlan


class Outcome(NamedTuple):
    """How a job ended: what was made, or why not."""

    job: Job
    result: Union[Made, ContentError]


def make_all(
    jobs: Sequence[Job], watch: Watch = UNWATCHED, processes: int = 0, stalled_s: float = STALLED_S
) -> Iterator[Outcome]:
    """Make them, a process each, as many at once as there are cores; give each as it is done.

    One that fails, hangs or crashes is an Outcome with its error; the others go on. The watch hears
    bytes of sources read over all jobs. Raises CancelledError.
    """
    # Long ones first: no core waits for the last.
    waiting = sorted(jobs, key=lambda job: job.plan.at_most_bytes)
    total_bytes = sum(max(1, job.plan.probe.size_bytes) for job in jobs)
    running: Dict[Any, _Worker] = {}
    done_bytes = 0
    try:
        while waiting or running:
            while waiting and len(running) < (processes or os.cpu_count() or 1):
                worker = _Worker(waiting.pop())
                running[worker.ears] = worker
            for ears in wait(list(running), _LISTEN_S):
                running[ears].hear()
            here = sum(worker.done_bytes for worker in running.values())
            watch.tell("renditions", min(done_bytes + here, total_bytes), total_bytes)
            for ears, worker in list(running.items()):
                worker.end_if_stalled(stalled_s)
                if worker.result is not None:
                    del running[ears]
                    worker.end()
                    done_bytes += max(1, worker.job.plan.probe.size_bytes)
                    yield Outcome(worker.job, worker.result)
    finally:
        for worker in running.values():
            worker.end()


class _Worker:
    """A process that makes one rendition, and what was heard from it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done_bytes = 0
        self.result: Union[Made, ContentError, None] = None
        self._heard_s = time.monotonic()
        # A fork of a process with threads may hang; a spawned one is the same everywhere.
        context = multiprocessing.get_context("spawn")
        self.ears, mouth = context.Pipe(duplex=False)
        self._process = context.Process(target=WORK, args=(mouth, job), daemon=True)
        self._process.start()
        mouth.close()

    def hear(self) -> None:
        """Take what it says; silence for ever is a crash."""
        self._heard_s = time.monotonic()
        try:
            told = self.ears.recv()
        except (EOFError, OSError):
            self.result = UndecodableError(
                f"{self.job.source} cannot be decoded: the decoder crashed on it."
            )
            return
        if isinstance(told, int):
            self.done_bytes = told
        else:
            self.result = told

    def end_if_stalled(self, stalled_s: float) -> None:
        """Give up on one that hangs."""
        if self.result is None and time.monotonic() - self._heard_s > stalled_s:
            self.result = UndecodableError(
                f"{self.job.source} cannot be decoded: the decoder hangs on it."
            )

    def end(self) -> None:
        """Stop the process, and take away what it leaves."""
        if self._process.is_alive() and not isinstance(self.result, Made):
            self._process.terminate()
        self._process.join(_KILL_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.ears.close()
        with contextlib.suppress(OSError):
            draft_of(self.job.target).unlink()


def work(mouth: Connection, job: Job) -> None:
    """In the process: make one rendition, telling how far it is."""
    done: List[int] = [0]

    def heard(_: str, done_bytes: int, __: int) -> None:
        if done_bytes != done[0]:
            done[0] = done_bytes
            mouth.send(done_bytes)

    try:
        mouth.send(make(job.source, job.target, job.plan, Watch(heard)))
    except ContentError as problem:
        mouth.send(problem)


WORK = work
"""What a process does."""
