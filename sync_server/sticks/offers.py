"""What is remembered of an offer that came by letter: names and sizes, no hashes of pieces."""

from __future__ import annotations

import json

from sync.attachments.offer import Offer, OfferRequest


def remember(request: OfferRequest) -> bytes:
    """Return an offer as it is kept in the database."""
    rows = [[one.sha256, one.size_bytes] for one in request.offers]
    return json.dumps([rows, list(request.wanted)], separators=(",", ":")).encode("ascii")


def recall(data: bytes) -> OfferRequest:
    """Return an offer that was kept."""
    rows, wanted = json.loads(data) if data else ([], [])
    return OfferRequest(tuple(Offer(name, size, ()) for name, size in rows), tuple(wanted))


def wait_for(_: str, __: Offer) -> int:
    """Say of a file that it is wanted, from the beginning on: the next stick brings it."""
    return 0
