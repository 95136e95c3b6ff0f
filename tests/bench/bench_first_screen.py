"""Cold start to the first screen with 2 people on the laptop, and with 200.

Each is a new process, in turns, with software rendering at 1024×600; medians are told.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any, Dict, List

from client.laptop.laptop import Laptop
from client.screens.who.model import CLASS
from sync.identity import Identity
from tests.bench.bench_startup import start
from tests.bench.table import tell
from tests.support.laptop import make_member
from tests.support.stops_locks import CLASSES, crowd

COUNTS = (2, 200)
ROUNDS = 9
MOST = 1.3


def main() -> int:
    """Measure, tell, and return 1 when 200 people take more than 1.3 times as long as 2."""
    with tempfile.TemporaryDirectory() as name:
        folders = {count: _laptop(Path(name) / str(count), count) for count in COUNTS}
        samples: Dict[int, List[Dict[str, float]]] = {count: [] for count in COUNTS}
        for _ in range(ROUNDS):
            for count, folder in folders.items():
                samples[count].append(start(["client", str(folder), ""]))
    rows: List[Dict[str, Any]] = [_row(count, taken) for count, taken in samples.items()]
    for row in rows:
        row["times_2_people"] = row["seconds"] / rows[0]["seconds"]
    tell("first_screen", rows)
    return int(rows[-1]["times_2_people"] > MOST)


def _laptop(folder: Path, count: int) -> Path:
    """Make a laptop of so many people, on which a class was chosen before."""
    people = crowd(200)[:count]
    make_member(folder, people, Identity.generate(), Identity.generate())
    laptop = Laptop.open(folder)
    laptop.set_preference(CLASS, CLASSES[0])
    laptop.close()
    return folder


def _row(count: int, taken: List[Dict[str, float]]) -> Dict[str, Any]:
    return {
        "people": count,
        **{name: statistics.median(one[name] for one in taken) for name in taken[0]},
    }


if __name__ == "__main__":
    raise SystemExit(main())
