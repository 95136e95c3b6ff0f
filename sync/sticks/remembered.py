"""What a bag remembers of a stick: what lay on both when they last met."""

from __future__ import annotations

import hashlib
import re
from typing import FrozenSet, Iterable

from sync.errors import StickError
from sync.sticks.volume import Volume

_FOLDER = "remembered"
_MAX_BYTES = 16 << 20
_NAME = re.compile(r"[a-z]{2,12}/[0-9a-f-]{16,64}\Z")


def read_remembered(bag: Volume, stick_id: str) -> FrozenSet[str]:
    """Return what is remembered of a stick; nothing when that is damaged."""
    try:
        data = bag.read(f"{_FOLDER}/{stick_id}", _MAX_BYTES) or b""
    except StickError as error:
        if error.code != "stick-damaged":
            raise
        return frozenset()
    listing, _, digest = data.rstrip(b"\n").rpartition(b"\n")
    if hashlib.sha256(listing).hexdigest().encode("ascii") != digest:
        return frozenset()
    names = listing.decode("ascii", "replace").split("\n")
    return frozenset(name for name in names if _NAME.match(name))


def write_remembered(bag: Volume, stick_id: str, names: Iterable[str]) -> None:
    """Remember this of a stick from now on."""
    listing = "\n".join(sorted(names)).encode("ascii")
    digest = hashlib.sha256(listing).hexdigest().encode("ascii")
    bag.write(f"{_FOLDER}/{stick_id}", [listing, b"\n", digest, b"\n"])
