"""The scene of the demo with sticks: no network, two sticks, and a class of thirty laptops."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

from build.demo.account import Value
from build.demo.scene import CLASS, Scene
from build.demo.tools import run_json
from sync.identity import Identity
from sync.sticks import drives
from sync_server.data_folder import DataFolder

LABEL = "7А"


class ServerByCommands:
    """The school's server, as whoever runs it types: it is not reached by any network."""

    def __init__(self, scene: Scene) -> None:
        self._data = ["--data", str(scene.server_data)]
        self.identity: Identity = DataFolder(scene.server_data).identity()
        self.last: Dict[str, Value] = {}

    def code(
        self, students: Sequence[str] = (), teachers: Sequence[str] = (), laptops: int = 1
    ) -> str:
        """Give out a code for these people."""
        words = ["enrol", *self._data, "--class", CLASS, "--laptops", str(laptops), "--json"]
        for role, names in (("student", students), ("teacher", teachers)):
            for name in names:
                words += [f"--{role}", name]
        return str(run_json("sync_server", words)["code"])

    def write_stick(self, root: Path) -> None:
        """Make a stick that carries all packs."""
        self._keep("write", root)

    def take_stick(self, root: Path) -> None:
        """Take in what a stick brings, and lay down what it takes."""
        self._keep("sync", root)

    def damaged_on(self, root: Path) -> int:
        """Read a whole stick through; how many damaged files lie there."""
        words = ["stick", "check", *self._data, str(root), "--json"]
        return len(run_json("sync_server", words)["damaged"])

    def _keep(self, action: str, root: Path) -> None:
        words = ["stick", action, *self._data, str(root), "--json"]
        (self.last,) = run_json("sync_server", words)["sticks"]


@contextlib.contextmanager
def plugged_in(*roots: Path) -> Iterator[None]:
    """Have the programme's look at this machine's drives find these for the block.

    A system calls no image in a file removable, and this demo should leave real sticks alone.
    """
    real = drives.drives
    found = tuple(drives.Drive(root, LABEL, "vfat", removable=True) for root in roots)
    drives.drives = lambda *_: found
    try:
        yield
    finally:
        drives.drives = real


def files_on(root: Path) -> List[Path]:
    """All files on a stick."""
    return sorted(path for path in root.rglob("*") if path.is_file())


def bytes_on(root: Path) -> int:
    """How many bytes lie on a stick."""
    return sum(path.stat().st_size for path in files_on(root))
