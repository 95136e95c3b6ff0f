"""The project's own commands, run as their users run them, and the server among them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from build.paths import ROOT

STOP_TIMEOUT_S = 10


class ToolError(Exception):
    """A command of ours failed; the text is what it said."""


def run_tool(module: str, words: Sequence[str]) -> str:
    """Run ``python -m module words`` and return what it printed.

    Raises:
        ToolError: it ended with another code than 0.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        cwd=str(ROOT),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise ToolError(f"{module} {words[0]} ended with {done.returncode}: {said}")
    return done.stdout


def run_json(module: str, words: Sequence[str]) -> Dict[str, Any]:
    """Run a command that prints one JSON object at the end and return it.

    Raises:
        ToolError: as `run_tool`.
    """
    answer = json.loads(run_tool(module, words))
    if not isinstance(answer, dict):
        raise ToolError(f"{module} {words[0]} printed no JSON object")
    return answer


class Server:
    """``keruen-server run`` on a free loopback port."""

    def __init__(self, data: Path, log: Path) -> None:
        self._data = data
        self._log = log
        self._process: Optional[subprocess.Popen[str]] = None
        self.address = ""

    def start(self) -> None:
        """Run it, and return once it listens.

        Raises:
            ToolError: it ended instead.
        """
        words = ["run", "--data", str(self._data), "--host", "127.0.0.1", "--port", "0", "--json"]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sync_server", *words],
                cwd=str(ROOT),
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
            )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise ToolError(f"the server did not start: {self._log.read_text(encoding='utf-8')}")
        self.address = json.loads(line)["listening"]

    @property
    def running(self) -> bool:
        """Whether the server's process is there."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask the server to end, and see that it does."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
