"""A month of a school in simulation: what was written and what went wrong, and whether all agree.

The same seed gives the same month; ``tests/simulation`` says how.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, TextIO

from tests.bench.processes import peak_bytes
from tests.bench.table import tell
from tests.simulation.month import SMALL, Plan, Report, run


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 build bench month", description=__doc__)
    parser.add_argument("--seed", type=int, help="replay this month; without it, a new one")
    parser.add_argument("--small", action="store_true", help="the size that the tests run")
    parser.add_argument("--days", type=int, help="watch so many days")
    parser.add_argument("--trace", type=Path, help="write all that happens to this file")
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run a month, tell, and return 1 when not all agree in the end."""
    options = make_parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    seed = random.randrange(1 << 32) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    plan = SMALL if options.small else Plan()
    if options.days is not None:
        plan = dataclasses.replace(plan, days=options.days)
    with tempfile.TemporaryDirectory() as folder, _trace(options.trace) as trace:
        report = run(plan, seed, Path(folder), trace)
    tell("month", _rows(report))
    for problem in report.agreement.problems:
        print(problem, file=sys.stderr)
    return 0 if report.agrees else 1


@contextlib.contextmanager
def _trace(path: Optional[Path]) -> Iterator[Optional[TextIO]]:
    if path is None:
        yield None
        return
    with path.open("w", encoding="utf-8") as file:
        yield file


def _rows(report: Report) -> List[Dict[str, Any]]:
    plan = report.plan
    values: Dict[str, Any] = {
        "seed": report.seed,
        "classes": plan.classes,
        "pupils": plan.pupils,
        "laptops": plan.laptops,
        "days": plan.days,
        "sticks": plan.sticks,
        "records saved": report.counts.get("saved", 0),
        "records that had to arrive": report.agreement.facts,
        "records destroyed with their disks": report.destroyed,
        "exchanges": report.exchanges,
        **{f"event: {name}": count for name, count in sorted(report.counts.items())},
        "subjects folded and compared": report.agreement.folds,
        "rounds until quiet": report.rounds,
        "all agree": report.agrees,
        "fingerprint of events": report.fingerprint[:16],
        "wall time, s": report.wall_s,
        "peak memory, MB": peak_bytes(os.getpid()) / 1e6,
    }
    return [{"what": name, "value": value} for name, value in values.items()]
