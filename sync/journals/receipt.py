"""Receipts: the server's signed word that it holds a journal up to a record.

A receipt is signed on its own, so that it stays a proof after the answer that brought it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MessageError, ReceiptError
from sync.identity import SIGNATURE_BYTES, Identity, PublicIdentity, device_id_bytes
from sync.record import HASH_BYTES, Head

_CONTEXT = b"keruen receipt 1\0"


@dataclass(frozen=True)
class Receipt:
    """The server holds ``device``'s journal up to ``seq`` with ``hash``, since ``time_ms``."""

    device: str
    seq: int
    hash: bytes
    time_ms: int
    signature: bytes

    @property
    def head(self) -> Head:
        """The part of the journal that is covered."""
        return Head(self.seq, self.hash)


def receipt_bytes(device: str, head: Head, time_ms: int) -> bytes:
    """Return what the server signs.

    The context, device id (16 bytes), seq (8), hash (32) and time (8); numbers are big-endian.

    Raises:
        ReceiptError: ``receipt-forged`` when a part has an impossible form.
    """
    try:
        raw = device_id_bytes(device)
        numbers = head.seq.to_bytes(8, "big"), time_ms.to_bytes(8, "big")
    except (MessageError, OverflowError) as error:
        raise ReceiptError("receipt-forged", "impossible values") from error
    if len(head.hash) != HASH_BYTES:
        raise ReceiptError("receipt-forged", "impossible hash")
    return _CONTEXT + raw + numbers[0] + head.hash + numbers[1]


def sign_receipt(server: Identity, device: str, head: Head, time_ms: int) -> Receipt:
    """Make the receipt for a journal that the server has on its disk up to ``head``."""
    signature = server.sign(receipt_bytes(device, head, time_ms))
    return Receipt(device, head.seq, head.hash, time_ms, signature)


def verify_receipt(receipt: Receipt, device: str, server: PublicIdentity) -> None:
    """Accept a receipt for ``device``'s journal that ``server`` signed.

    Raises:
        ReceiptError: ``receipt-misdirected`` or ``receipt-forged``.
    """
    if receipt.device != device:
        raise ReceiptError("receipt-misdirected", receipt.device)
    data = receipt_bytes(receipt.device, receipt.head, receipt.time_ms)
    if len(receipt.signature) != SIGNATURE_BYTES or not server.signed(receipt.signature, data):
        raise ReceiptError("receipt-forged", f"up to record {receipt.seq}")
