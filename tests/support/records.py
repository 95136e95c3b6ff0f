"""Identities and records for tests, the same each time."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, Dict

from sync.identity import Identity
from sync.kinds import SUBMISSION
from sync.record import Record

PERSON = "aB3_x-9Q"


@lru_cache(maxsize=None)
def identity(name: str) -> Identity:
    """The identity whose keys are derived from a name."""
    return Identity.from_bytes(hashlib.sha512(name.encode()).digest())


def submission_body(answer_count: int = 2, **changes: Any) -> Dict[str, Any]:
    """A well-shaped submission."""
    answers = ["a", ["b", "c"], "-3,5", "7/2", "екі жағына қосамыз"]
    body = {
        "pack": "algebra-7-linear",
        "version": "1.0.0",
        "lesson": "meaning",
        "task": "check",
        "answers": {f"q{at + 1}": answers[at % len(answers)] for at in range(answer_count)},
        "points": 3,
        "of": 5,
        "waiting": 1,
        "language": "kk",
    }
    body.update(changes)
    return body


def make_record(seq: int = 1, name: str = "laptop", **changes: Any) -> Record:
    """A submission of the device with a name."""
    values: Dict[str, Any] = {
        "device": identity(name).public.device_id,
        "seq": seq,
        "time": (1_788_000_000_000 + seq) << 16,
        "person": PERSON,
        "kind": SUBMISSION,
        "body": submission_body(),
    }
    values.update(changes)
    return Record(**values)
