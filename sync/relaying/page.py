"""A page of the heads that an upstream holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Tuple

from sync import fields
from sync.relaying.heads import CHECK_BYTES
from sync.relaying.rows import device, row

PAGE_HEADS = 2_000
"""Heads in one answer."""


@dataclass(frozen=True)
class HeadsPage:
    """How far the upstream holds the relay's journals: device, seq and the hash's beginning.

    Sorted by device id, from ``first`` to before ``following`` (empty: to the end).
    """

    heads: Tuple[Tuple[str, int, bytes], ...]
    first: str = ""
    following: str = ""


def page_to_json(page: Optional[HeadsPage]) -> Any:
    """Return a page as it stands in an answer."""
    if page is None:
        return None
    checks = b"".join(check for _, _, check in page.heads)
    return [
        page.first,
        page.following,
        [name for name, _, _ in page.heads],
        [seq for _, seq, _ in page.heads],
        fields.to_text(checks),
    ]


def page_from_json(value: Any) -> HeadsPage:
    """Read a page.

    Raises:
        MessageError: ``message-malformed``.
    """
    first, following, names, seqs, checks = row(value, "answer.h", 5)
    devices = [device(item, "answer.h") for item in fields.listing(names, "answer.h", PAGE_HEADS)]
    numbers = [fields.integer(item, "answer.h") for item in fields.listing(seqs, "answer.h")]
    if len(numbers) != len(devices):
        fields.malformed("answer.h", "as many numbers as devices")
    raw = fields.binary(checks, "answer.h", CHECK_BYTES * len(devices)) if devices else b""
    at_each = range(0, len(raw), CHECK_BYTES)
    return HeadsPage(
        tuple(zip(devices, numbers, (raw[at : at + CHECK_BYTES] for at in at_each))),
        fields.text(first, "answer.h", 22, empty=True),
        fields.text(following, "answer.h", 22, empty=True),
    )
