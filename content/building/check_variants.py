"""What an author is told about a task with variants."""

from __future__ import annotations

from typing import Iterator

from content.building.finding import ERROR, WARNING, Finding
from content.fields import Fields
from content.variants.proof import CLASS_SIZE, Proof, prove

CHECKED_SEEDS = 1_000
"""About a second for a task; what goes wrong for one pupil in 300 is found 19 times in 20."""
MAX_ALIKE_PAIRS = 1.0


def variant_findings(
    fields: Fields, key: str, path: str, seeds: int = CHECKED_SEEDS
) -> Iterator[Finding]:
    """Everything that `prove` finds; ``path`` is the task's within its folder.

    Raises the fields' error for what cannot be read at all.
    """
    yield from told(prove(fields, key, seeds), path)


def told(proof: Proof, path: str) -> Iterator[Finding]:
    """A proof in sentences."""
    for problem in proof.problems:
        severity = ERROR if problem.severe else WARNING
        text = f"{problem.text} (For one: the variant of pupil-{problem.example}.)"
        yield Finding(severity, path, problem.place, text)
    if proof.alike_pairs > MAX_ALIKE_PAIRS and proof.distinct:
        yield Finding(
            WARNING,
            path,
            "",
            f"{proof.seeds:,} draws give {proof.distinct:,} different tasks: in a class of "
            f"{CLASS_SIZE}, about {proof.alike_pairs:.0f} pairs of pupils get the same one. "
            "Let the parameters take more values.",
        )
