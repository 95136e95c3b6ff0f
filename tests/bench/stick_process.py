"""Writing, reading, looking at a stick in a process of its own: tells seconds and memory as JSON.

Run as ``python -m tests.bench.stick_process write|read|look REPOSITORY STICK``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Callable, Dict

from content.carrying import Plan, plan_from_repository, superfluous
from content.repositories.repository import Repository
from sync.sticks.laying import Laid, lay
from sync.sticks.marker import make_stick
from sync.sticks.objects import verify_object
from sync.sticks.shelf import Shelf
from tests.bench.patch_process import measured
from tests.support.packs import TRUSTED


def planned(repository: Repository, shelf: Shelf) -> Plan:
    """All packs of a repository, whole."""
    catalogue = repository.catalogue(TRUSTED)
    choices = {entry.pack: "all" for entry in catalogue.packs}
    return plan_from_repository(repository, TRUSTED, choices, shelf=shelf)


def written(repository: Path, stick: Path) -> Laid:
    """Bring a stick up to date, as a school's server does."""
    volume = make_stick(stick)
    shelf = Shelf(volume)
    plan = planned(Repository(repository), shelf)
    laid = lay(volume, plan.files, superfluous(shelf, plan))
    volume.flush()
    return laid


def verified(repository: Path, stick: Path) -> int:
    """Read all objects of a stick and compare them with their names; returns their bytes."""
    volume = make_stick(stick)
    files = [file for file in planned(Repository(repository), Shelf(volume)).files if file.sha256]
    for file in files:
        assert verify_object(volume, file.path, file.size_bytes, file.sha256 or "")
    return sum(file.size_bytes for file in files)


def main() -> int:
    """Measure one piece of work."""
    kind, repository, stick = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    works: Dict[str, Callable[[Path, Path], Any]] = {
        "write": written,
        "read": verified,
        "look": written,
    }
    print(json.dumps(measured(lambda: works[kind](repository, stick))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
