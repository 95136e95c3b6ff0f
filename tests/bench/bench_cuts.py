"""What a cut link costs: 500 cuts at random bytes of transfers, down and up."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, List

from tests.bench.table import tell
from tests.support.cut_transfers import Told, down, up

CUTS = 500
MOST_AGAIN_BYTES = 64 << 10


def main() -> int:
    """Measure, tell, and return 1 when more is sent again than may be."""
    rows: List[Dict[str, Any]] = []
    for what, run in (("lessons, down", down), ("an attached file, up", up)):
        with tempfile.TemporaryDirectory() as name:
            rows.append(_row(what, run(Path(name), CUTS, 60_000, seed=20_261)))
    tell("cuts", rows)
    return int(not all(row["same"] and row["worst_cut_bytes"] <= MOST_AGAIN_BYTES for row in rows))


def _row(what: str, told: Told) -> Dict[str, Any]:
    return {
        "what": what,
        "cuts": told.cuts,
        "needed_bytes": told.needed_bytes,
        "sent_bytes": told.sent_bytes,
        "again_per_cut_bytes": round(told.again_bytes),
        "worst_cut_bytes": told.worst_bytes,
        "limit_bytes": MOST_AGAIN_BYTES,
        "same": told.same,
    }


if __name__ == "__main__":
    raise SystemExit(main())
