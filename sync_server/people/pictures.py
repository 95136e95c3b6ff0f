"""The small pictures by which a child finds their own name on a shared laptop."""

from __future__ import annotations

import hashlib
from typing import AbstractSet

PICTURES = (
    "sun", "mountain", "flower", "horse", "moon", "bird", "note", "ball", "smile", "tree", "fish",
    "rocket", "star_face", "yurt", "apple", "cat", "sheep", "kite", "airplane", "bicycle", "guitar",
    "butterfly",
)  # fmt: skip
"""Names of icons that the client has."""


def choose_picture(person_key: str, taken: AbstractSet[str]) -> str:
    """The picture for a person: the same for one key, and none of ``taken`` while any is left.

    Args:
        person_key: What names the person, such as role, class and name.
        taken: Pictures that classmates have already.
    """
    start = int.from_bytes(hashlib.sha256(person_key.encode("utf-8")).digest()[:8], "big")
    order = [PICTURES[(start + step) % len(PICTURES)] for step in range(len(PICTURES))]
    return next((picture for picture in order if picture not in taken), order[0])
