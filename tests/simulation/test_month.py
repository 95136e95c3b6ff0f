"""A few days of a small school: all agree in the end, and a seed gives the same days again.

``KERUEN_SEED`` replays one; the seed of each run is printed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.month import SMALL, UNLUCKY, run
from tests.support.source import ROOT


def test_a_few_days_end_in_agreement(tmp_path: Path) -> None:
    seed = int(os.environ.get("KERUEN_SEED") or random.randrange(1 << 32))
    print(f"seed {seed}")
    report = run(SMALL, seed, tmp_path)
    assert report.agreement.problems == (), f"replay with KERUEN_SEED={seed}"
    assert report.agreement.facts > 100
    assert report.counts["saved"] >= report.agreement.facts


@pytest.mark.parametrize("seed", [150, 189, 639])
def test_days_that_once_ended_in_disagreement(seed: int, tmp_path: Path) -> None:
    """Times that only some had heard of, a stick's bag, and a server that forgot two branches."""
    assert run(UNLUCKY, seed, tmp_path).agreement.problems == ()


def test_a_seed_gives_the_same_events_in_another_process(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    here = run(UNLUCKY, 7, tmp_path / "here")
    there = [_fingerprint(tmp_path, seed) for seed in (7, 8)]
    assert there[0] == f"{here.fingerprint} {here.agreement.fingerprint}"
    assert there[0] != there[1]


def _fingerprint(folder: Path, seed: int) -> str:
    """The fingerprint of a run in a process of its own, where sets have other orders."""
    place = folder / str(seed)
    place.mkdir()
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.simulation.month import UNLUCKY, run\n"
        "report = run(UNLUCKY, int(sys.argv[1]), Path(sys.argv[2]))\n"
        "print(report.fingerprint, report.agreement.fingerprint)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(seed), str(place)],
        cwd=str(ROOT),
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
