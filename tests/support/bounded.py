"""Running something in a process that the system stops when it takes too much."""

from __future__ import annotations

import multiprocessing
import sys
import traceback
from pathlib import Path
from typing import Any, Callable

from content.errors import ContentError

STATM = Path("/proc/self/statm")
CAN_LIMIT = sys.platform != "win32" and STATM.exists()
"""Whether the system limits a process."""


def run_bounded(act: Callable[[], Any], limit_bytes: int, limit_s: int) -> str:
    """Say "read", "refused: <code>", or what went wrong; memory counts from what is used now."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    child = fork.Process(target=_child, args=(act, limit_bytes, limit_s, there))
    child.start()
    there.close()
    try:
        return str(here.recv())
    except EOFError:
        return f"stopped by the system: {child.exitcode}"
    finally:
        child.join()


def _child(act: Callable[[], Any], limit_bytes: int, limit_s: int, answer: Any) -> None:
    import resource

    # What is made before, for the attack, is not the attacked one's.
    used_bytes = int(STATM.read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used_bytes + limit_bytes, -1))
    resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
    try:
        act()
        answer.send("read")
    except ContentError as problem:
        answer.send(f"refused: {problem.code}")
    except BaseException:
        answer.send(traceback.format_exc())
