"""Kind "file": a photo, a spoken answer or any file, which a teacher marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Tuple

from content.fields import Fields
from content.items.kind import FOR_THE_TEACHER, NOTHING, Kind, Result, list_answer, no_texts

PHOTO, RECORDING, FILE = "photo", "recording", "file"
ACCEPTS = (PHOTO, RECORDING, FILE)


@dataclass(frozen=True)
class File:
    """What is asked for; any of ``accept`` will do."""

    accept: Tuple[str, ...] = ACCEPTS


def read_file(fields: Fields) -> File:
    """What may be attached: anything unless the author says."""
    if not fields.has("accept"):
        return File()
    accept = fields.sequence("accept", limit=len(ACCEPTS))
    if not accept or any(one not in ACCEPTS for one in accept):
        raise fields.fail("accept", f"must list some of {', '.join(ACCEPTS)}")
    return File(tuple(dict.fromkeys(accept)))


def score_file(_: File, answer: object) -> Result:
    """Attached files wait for the teacher; none is worth nothing."""
    return FOR_THE_TEACHER if list_answer(answer) else NOTHING


KIND = Kind(read_file, score_file, lambda _: None, lambda _: Fraction(5), no_texts)
