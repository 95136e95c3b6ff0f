"""Plugs pulled 200 times in one night: the school's server, now and then the region's.

``kill -9`` at random moments of a night that never pauses; unfinished files lose what was not
flushed, databases are torn where they were being written, and pupils hand in all the while.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.bench.table import tell
from tests.support.night import Load
from tests.support.pulled_plugs import PulledPlugs

PULLS = 200
LOAD = Load(soon=12, later=8, video_bytes=500_000, laptops=6, records=20, photos=6)
RATE_BYTES_PER_S = 400_000


def main(pulls: int = PULLS) -> int:
    """Measure, tell, and return 1 when anything was lost or needs a hand."""
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        told = PulledPlugs(Path(name), LOAD, RATE_BYTES_PER_S, seed=200).night(pulls)
    row = {**vars(told), "lost": len(told.lost), "problems": len(told.problems)}
    tell("plug", [{**row, "duration_s": round(time.monotonic() - began_s)}])
    for sentence in (*told.lost, *told.problems):
        print(sentence)
    return int(bool(told.lost or told.problems) or told.covered != told.records)


if __name__ == "__main__":
    raise SystemExit(main())
