"""Which packs a stick shall carry: whoever writes it keeps them current."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional

from sync.canonical import canonical_json
from sync.errors import RecordError, StickError
from sync.sticks.layout import CHOICE
from sync.sticks.volume import Volume

_MAX_BYTES = 1 << 20
_PACK = re.compile(r"[0-9a-f]{32}/[a-z0-9][a-z0-9-]{0,63}\Z")
_MEDIA = re.compile(r"[a-z0-9-]{1,40}\Z")


@dataclass(frozen=True)
class Choice:
    """``packs`` says for ``<publisher>/<pack>`` how much of it: ``all``, ``text``, ``sound``."""

    packs: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return the file. Its ``sum`` is the SHA-256 of the canonical ``packs``."""
        packs: Dict[str, str] = dict(self.packs)
        return canonical_json({"packs": packs, "sum": _sum(packs)}) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Choice:
        """Read the file; what cannot name a pack is passed over.

        Raises:
            StickError: ``stick-damaged``.
        """
        try:
            value = json.loads(data.decode("utf-8"))
            packs: Any = value["packs"]
            whole = value["sum"] == _sum(packs)
        except (ValueError, KeyError, TypeError, RecursionError, RecordError) as error:
            raise StickError("stick-damaged", CHOICE) from error
        if not whole or not isinstance(packs, dict):
            raise StickError("stick-damaged", CHOICE)
        return cls({pack: media for pack, media in packs.items() if _is_row(pack, media)})


def _is_row(pack: Any, media: Any) -> bool:
    return bool(_PACK.match(pack) and isinstance(media, str) and _MEDIA.match(media))


def _sum(packs: Any) -> str:
    return hashlib.sha256(canonical_json(packs)).hexdigest()


def read_choice(volume: Volume) -> Optional[Choice]:
    """Return a stick's choice; None when it has none, or a damaged one.

    None is not an empty choice: nothing that lies on the stick is unwanted then.
    """
    try:
        data = volume.read(CHOICE, _MAX_BYTES)
        return None if data is None else Choice.from_bytes(data)
    except StickError as error:
        if error.code != "stick-damaged":
            raise
        return None


def write_choice(volume: Volume, choice: Choice) -> None:
    """Make a choice the stick's, unless it is already."""
    if read_choice(volume) != choice:
        volume.write(CHOICE, [choice.to_bytes()])
