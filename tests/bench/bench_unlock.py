"""How long a vault takes to open, beside bare scrypt at the same cost; what guessing takes.

Each row is a machine: this one, and this one at a quarter of one core's time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence

from client.vaults.cabinet import Cabinet
from client.vaults.guessing import FREE_TRIES, wait_s
from client.vaults.secrets import pin
from client.vaults.stretching import BLOCK_SIZE, QUICKEST_S, SLOWEST_S, Cost
from tests.bench.table import tell
from tests.support import slow_box

PEOPLE = 10
SECRET = pin("2705")
PINS = 10_000
YEAR_S = 365.25 * 86400


def main() -> int:
    """Measure, tell, and return 1 where unlocking takes another time than it should."""
    options = argparse.ArgumentParser()
    options.add_argument("--inside", action="store_true", help="only measure, and print JSON")
    if options.parse_args().inside:
        print(json.dumps(measured()))
        return 0
    rows = [{"machine": "this one", **measured()}]
    slow = _in_a_box()
    if slow:
        rows.append({"machine": "a quarter of a core", **slow})
    tell("unlock", rows)
    through_s = sum(wait_s(wrong) for wrong in range(PINS))
    tell("unlock_guessing", _guessing(rows, through_s))
    return int(through_s < YEAR_S or not all(_in_time(row) for row in rows))


def measured() -> Dict[str, Any]:
    """Make vaults for some people and open each."""
    with tempfile.TemporaryDirectory() as name:
        here = Cabinet(Path(name))
        start_s = time.perf_counter()
        for person in range(PEOPLE):
            here.create(str(person), SECRET)
        create_s = (time.perf_counter() - start_s) / PEOPLE
        again = Cabinet(Path(name))
        cost = again.file("0").own.cost
        opened_s = _times(lambda n: again.open(str(n), SECRET))
        bare_s = _times(lambda n: _bare(cost, b"%d" % n))
    return {
        "log2_n": cost.log_n,
        "parallel": cost.parallel,
        "memory_bytes": cost.memory_bytes,
        "create_s": create_s,
        "open_s": statistics.median(opened_s),
        "slowest_open_s": max(opened_s),
        "bare_scrypt_s": statistics.median(bare_s),
    }


def _times(act: Callable[[int], object]) -> List[float]:
    took_s = []
    for n in range(PEOPLE):
        start_s = time.perf_counter()
        act(n)
        took_s.append(time.perf_counter() - start_s)
    return took_s


def _bare(cost: Cost, salt: bytes) -> bytes:
    return hashlib.scrypt(
        SECRET.to_bytes(),
        salt=salt,
        n=1 << cost.log_n,
        r=BLOCK_SIZE,
        p=cost.parallel,
        maxmem=2 * cost.memory_bytes,
    )


def _in_time(row: Dict[str, Any]) -> bool:
    return QUICKEST_S <= float(row["open_s"]) <= SLOWEST_S


def _guessing(rows: Sequence[Dict[str, Any]], through_s: float) -> List[Dict[str, Any]]:
    """All PINs of four digits: through the programme, and by whoever copied the disk."""
    told = [
        {
            "how": f"through the programme, {FREE_TRIES} tries free",
            "all_4_digits_h": through_s / 3600,
            "all_6_digits_h": through_s / 3600 * 100,
        }
    ]
    for row in rows:
        each_s = float(row["bare_scrypt_s"])
        told.append(
            {
                "how": f"from a copied disk, one core of this machine (vault of {row['machine']})",
                "all_4_digits_h": each_s * PINS / 3600,
                "all_6_digits_h": each_s * PINS * 100 / 3600,
            }
        )
    return told


def _in_a_box() -> Dict[str, Any]:
    """Measure in a process that may use a quarter of one core."""
    if not hasattr(signal, "SIGSTOP"):
        return {}
    command = [sys.executable, "-m", "tests.bench.bench_unlock", "--inside"]
    printed = slow_box.run(command, 0.25, str(Path(__file__).resolve().parents[2]))
    return dict(json.loads(printed))


if __name__ == "__main__":
    raise SystemExit(main())
