"""What a relay says to its upstream."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Tuple

from sync import fields
from sync.relaying.heads import DIGEST_BYTES
from sync.relaying.rows import mark
from sync.relaying.run import Run, runs_from_json, runs_to_json
from sync.relaying.want import MAX_WANTS, Want, want_from_json

DEFAULT_ROOM_BYTES = 512 * 1024
DEFAULT_BUDGET_BYTES = 512 * 1024


@dataclass(frozen=True)
class RelayRequest:
    """What a relay says. ``believed`` is the digest of what it believes the upstream to hold.

    ``cursor``, ``catalogues`` and ``room_bytes`` are as in an exchange. ``heads_from`` asks for a
    page of heads from a device id on.
    """

    believed: bytes
    runs: Tuple[Run, ...] = ()
    wants: Tuple[Want, ...] = ()
    cursor: str = ""
    catalogues: Mapping[str, int] = field(default_factory=dict)
    room_bytes: int = DEFAULT_ROOM_BYTES
    heads_from: Optional[str] = None

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON; what has its usual value is left out."""
        value: Dict[str, Any] = {"g": fields.to_text(self.believed), **runs_to_json(self.runs)}
        if self.wants:
            value["v"] = [want.to_json() for want in self.wants]
        if self.cursor:
            value["u"] = self.cursor
        if self.catalogues:
            value["c"] = dict(self.catalogues)
        if self.room_bytes != DEFAULT_ROOM_BYTES:
            value["w"] = self.room_bytes
        if self.heads_from is not None:
            value["l"] = self.heads_from
        return packed(value)

    @classmethod
    def from_payload(cls, payload: bytes) -> RelayRequest:
        """Read a payload; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "relay")
        room = value.get("w", DEFAULT_ROOM_BYTES)
        return cls(
            believed=fields.binary(value.get("g"), "relay.g", DIGEST_BYTES),
            runs=runs_from_json(value),
            wants=tuple(
                map(want_from_json, fields.listing(value.get("v", []), "relay.v", MAX_WANTS))
            ),
            cursor=mark(value.get("u", ""), "relay.u"),
            catalogues=fields.numbers_by_text(value.get("c", {}), "relay.c"),
            room_bytes=fields.integer(room, "relay.w", high=1 << 30),
            heads_from=fields.text(value["l"], "relay.l", 22, empty=True) if "l" in value else None,
        )


def packed(value: Mapping[str, Any]) -> bytes:
    """Return UTF-8 JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
