"""How far many journals go, in one digest: the relay's receipt.

A server that takes in many journals from another one signs them all at once. The digest covers
every head, so the one signature proves each of them to whoever knows the heads.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Mapping

from sync.errors import ReceiptError
from sync.identity import SIGNATURE_BYTES, Identity, PublicIdentity, device_id_bytes
from sync.record import Head

DIGEST_BYTES = 32
CHECK_BYTES = 8
"""The beginning of a hash, by which two servers notice that they hold different journals."""
_CONTEXT = b"keruen heads 1\0"


@dataclass(frozen=True)
class HeadsReceipt:
    """The server's ``signature`` says that it holds what ``digest`` names, since ``time_ms``."""

    digest: bytes
    time_ms: int
    signature: bytes


def heads_digest(heads: Mapping[str, Head]) -> bytes:
    """Return SHA-256 over all heads, sorted by device id.

    Of each: the device id (16 bytes), seq (8, big-endian) and hash (32).
    """
    digest = hashlib.sha256()
    for device in sorted(heads):
        head = heads[device]
        digest.update(device_id_bytes(device) + head.seq.to_bytes(8, "big") + head.hash)
    return digest.digest()


def sign_heads(server: Identity, relay: str, digest: bytes, time_ms: int) -> HeadsReceipt:
    """Make the receipt for all journals of a relay that the server has on its disk."""
    signature = server.sign(_signed_bytes(relay, digest, time_ms))
    return HeadsReceipt(digest, time_ms, signature)


def verify_heads(receipt: HeadsReceipt, relay: str, server: PublicIdentity) -> None:
    """Accept a receipt for the relay that ``server`` signed.

    Raises:
        ReceiptError: ``receipt-forged``.
    """
    try:
        data = _signed_bytes(relay, receipt.digest, receipt.time_ms)
    except OverflowError as error:
        raise ReceiptError("receipt-forged", "impossible values") from error
    if len(receipt.signature) != SIGNATURE_BYTES or not server.signed(receipt.signature, data):
        raise ReceiptError("receipt-forged", "all journals")


def _signed_bytes(relay: str, digest: bytes, time_ms: int) -> bytes:
    return _CONTEXT + device_id_bytes(relay) + digest + time_ms.to_bytes(8, "big")
