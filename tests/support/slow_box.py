"""A process as on an old machine: it may use a share of one core, and stands still in between."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from typing import Sequence

TURN_S = 0.02
"""Short against everything that is measured in it."""


def run(command: Sequence[str], share: float, cwd: str) -> bytes:
    """Run a command on one core at a share of its time; return what it printed.

    Raises subprocess.CalledProcessError. Only where there are signals to stop a process with.
    """
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    over = threading.Event()
    turns = threading.Thread(target=_take_turns, args=(process, share, over))
    turns.start()
    try:
        printed, _ = process.communicate()
    finally:
        over.set()
        turns.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return printed


def _take_turns(process: subprocess.Popen[bytes], share: float, over: threading.Event) -> None:
    while not over.is_set():
        for act, took_s in ((signal.SIGSTOP, 1 - share), (signal.SIGCONT, share)):
            process.send_signal(act)
            time.sleep(TURN_S * took_s)
