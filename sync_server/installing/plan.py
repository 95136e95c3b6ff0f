"""What installing means, as values: files to write, commands to run, files to remove."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Tuple, Union

SERVICE = "keruen-server"
TASK = "Keruen"


@dataclass(frozen=True)
class Write:
    """Write a file; what is there already is kept beside it as ``.before``."""

    path: Path
    content: bytes


@dataclass(frozen=True)
class Run:
    """Run a command. One that is ``needed`` and fails ends the whole; any other is told."""

    command: Tuple[str, ...]
    needed: bool = True


@dataclass(frozen=True)
class Remove:
    """Remove a file, there or not."""

    path: Path


Step = Union[Write, Run, Remove]


@dataclass(frozen=True)
class Wish:
    """What shall start: ``program`` is how this command is called, ``options`` are those of run.

    ``account`` is the system's user to whom the data folder belongs.
    """

    program: Tuple[str, ...]
    data: Path
    port: int
    options: Tuple[str, ...] = ()
    account: str = "root"

    @property
    def command(self) -> Tuple[str, ...]:
        """The whole command line."""
        return (*self.program, "run", "--data", str(self.data), *self.options)
