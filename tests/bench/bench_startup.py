"""Cold start to the first usable screen with 300 lessons, and memory there, beside a bare window.

Each programme is a new process, in turns, with software rendering at 1024×600; medians are told.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Dict, List, Sequence

from tests.bench.table import tell

ROUNDS = 9
LONGEST_S = 60
MOST_TIME = 4.0
MOST_MEMORY = 1.35


def start(words: Sequence[str]) -> Dict[str, float]:
    """Run one programme to its first frame; return the seconds and the resident KiB there."""
    environment = {**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1", "SDL_AUDIODRIVER": "dummy"}
    began_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.windows", *words],
        check=True,
        stdout=subprocess.PIPE,
        env=environment,
        timeout=LONGEST_S,
    )
    seen = json.loads(done.stdout.splitlines()[-1])
    return {"seconds": seen["at_s"] - began_s, "resident_mib": seen["resident_kib"] / 1024}


def main() -> int:
    """Measure, tell, and return 1 when the client's first screen is over a bound."""
    from tests.support.laptop import big_laptop

    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "laptop"
        laptop = big_laptop(data)
        lessons = len(laptop.lessons())
        laptop.close()
        programmes = {
            "bare Kivy window": ["bare"],
            f"who I am ({lessons} lessons)": ["client", str(data), ""],
            "today": ["client", str(data), "today"],
            "my lessons": ["client", str(data), "lessons"],
        }
        samples: Dict[str, List[Dict[str, float]]] = {label: [] for label in programmes}
        for _ in range(ROUNDS):
            for label, words in programmes.items():
                samples[label].append(start(words))
    rows = [_row(label, taken) for label, taken in samples.items()]
    bare = rows[0]
    for row in rows:
        row["times_bare"] = row["seconds"] / bare["seconds"]
        row["memory_times_bare"] = row["resident_mib"] / bare["resident_mib"]
    tell("startup", rows)
    print(f"bounds for the first screen: {MOST_TIME} times the time, {MOST_MEMORY} the memory")
    first = rows[1]
    return int(first["times_bare"] > MOST_TIME or first["memory_times_bare"] > MOST_MEMORY)


def _row(label: str, taken: Sequence[Dict[str, float]]) -> Dict[str, float]:
    row = {"programme": label}
    for measure in ("seconds", "resident_mib"):
        row[measure] = statistics.median(sample[measure] for sample in taken)
    return row  # type: ignore[return-value]


if __name__ == "__main__":
    raise SystemExit(main())
