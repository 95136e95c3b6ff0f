"""What variants cost, and that 10,000 pupils of every sample get a good task, the same everywhere.

For each sample: the time to read the task and make one pupil's instance of it, beside the time of
reading the same task without variants; how many different tasks 10,000 pupils get; and whether the
digest over all of them is the frozen one.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

from content.building.source_toml import read_toml
from content.task import read_task
from content.variants.instance import instantiate, plain_fields
from content.variants.proof import SEEDS, prove, pupil
from tests.bench.table import tell
from tests.content.variants.digests import ALL_10000

SAMPLES = Path(__file__).parents[1] / "content" / "variants" / "samples"
ROUNDS = 200


def _ms(act: Callable[[int], Any]) -> float:
    began_s = time.perf_counter()
    for number in range(ROUNDS):
        act(number)
    return (time.perf_counter() - began_s) * 1000 / ROUNDS


def main() -> int:
    """Measure all samples; 1 when one of them is not what it was."""
    rows: List[Dict[str, Any]] = []
    wrong = 0
    for path in sorted(SAMPLES.glob("*.toml")):
        fields, key = read_toml(path), f"samples/{path.stem}"
        plain = plain_fields(fields, instantiate(fields, key, pupil(0), 1))
        proof = prove(fields, key, SEEDS)
        good = not proof.problems and (proof.distinct, proof.digest) == ALL_10000[path.stem]
        wrong += not good
        rows.append(
            {
                "sample": path.stem,
                "instance_ms": _ms(lambda at: instantiate(fields, key, pupil(at), 1)),  # noqa: B023
                "plain_task_ms": _ms(lambda _: read_task("task", plain)),  # noqa: B023
                "different": proof.distinct,
                "pairs_alike_of_30": proof.alike_pairs,
                "as_frozen": good,
            }
        )
    print(f"{SEEDS} pupils, Python {sys.version.split()[0]}")
    tell("variants", rows)
    return 1 if wrong else 0
