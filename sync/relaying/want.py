"""What a relay asks back of its own journals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List

from sync import fields
from sync.relaying.heads import CHECK_BYTES
from sync.relaying.rows import device, row

MAX_WANTS = 500


@dataclass(frozen=True)
class Want:
    """A relay asks for a journal of its own from ``seq`` on; ``check`` is its hash before that."""

    device: str
    seq: int
    check: bytes

    def to_json(self) -> List[Any]:
        """Return it as it stands in a request."""
        return [self.device, self.seq, fields.to_text(self.check)]


def want_from_json(value: Any) -> Want:
    """Read what ``Want.to_json`` wrote.

    Raises:
        MessageError: ``message-malformed``.
    """
    name, seq, check = row(value, "relay.v", 3)
    return Want(
        device(name, "relay.v"),
        fields.integer(seq, "relay.v.seq", low=1),
        fields.binary(check, "relay.v.check", CHECK_BYTES),
    )
