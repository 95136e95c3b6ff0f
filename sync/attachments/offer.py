"""Offers of attached files, the server's answer, and its receipt for each file.

A device offers all that waits in one message, sealed and signed as an exchange is, and asks in the
same message after files of others that it waits for. The answer says of each offer where to go on,
that the server has it (with a receipt), or why it will not have it.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any, Optional, Tuple, Union

from sync import fields
from sync.attachments.attachment import MAX_SEALED_BYTES, TAG_BYTES, piece_count
from sync.errors import ReceiptError
from sync.exchanges.exchange import MAX_TIME_MS
from sync.identity import Identity, PublicIdentity
from sync.message import DIGEST_BYTES

MAX_OFFERS = 64
MAX_OFFERED_BYTES = 256 << 20
"""All the offers of one message: their pieces' hashes then take 128 KiB."""
MAX_WANTED = 256
HASH_BYTES = 32
_RECEIPT_CONTEXT = b"keruen attachment receipt 1\0"
_RECEIPT = struct.Struct(">Q64s")
RECEIPT_BYTES = _RECEIPT.size


@dataclass(frozen=True)
class Offer:
    """A sealed file that a device has: its name, size and the SHA-256 of each 64 KiB of it."""

    sha256: str
    size_bytes: int
    piece_sha256: Tuple[bytes, ...]


@dataclass(frozen=True)
class AttachmentReceipt:
    """The server's signed word that it holds a sealed file whole, on its disk."""

    sha256: str
    size_bytes: int
    time_ms: int
    signature: bytes

    def to_bytes(self) -> bytes:
        """Return time (8 bytes, big-endian) and signature (64): the rest is known."""
        return _RECEIPT.pack(self.time_ms, self.signature)


def sign_attachment_receipt(
    server: Identity, sha256: str, size_bytes: int, time_ms: int
) -> AttachmentReceipt:
    """Say that a file is held; only after it is on the disk."""
    signature = server.sign(_receipt_signed(sha256, size_bytes, time_ms))
    return AttachmentReceipt(sha256, size_bytes, time_ms, signature)


def open_attachment_receipt(
    data: bytes, sha256: str, size_bytes: int, server: PublicIdentity
) -> AttachmentReceipt:
    """Read and verify the receipt for a file.

    Raises:
        ReceiptError: ``receipt-forged``.
    """
    if len(data) != RECEIPT_BYTES:
        raise ReceiptError("receipt-forged", sha256)
    time_ms, signature = _RECEIPT.unpack(data)
    if time_ms > MAX_TIME_MS:
        raise ReceiptError("receipt-forged", sha256)
    if not server.signed(signature, _receipt_signed(sha256, size_bytes, time_ms)):
        raise ReceiptError("receipt-forged", sha256)
    return AttachmentReceipt(sha256, size_bytes, time_ms, signature)


def _receipt_signed(sha256: str, size_bytes: int, time_ms: int) -> bytes:
    return _RECEIPT_CONTEXT + bytes.fromhex(sha256) + struct.pack(">QQ", size_bytes, time_ms)


@dataclass(frozen=True)
class OfferRequest:
    """What a device has for the server, and which names it waits for."""

    offers: Tuple[Offer, ...] = ()
    wanted: Tuple[str, ...] = ()

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON."""
        rows = [
            [_name(one.sha256), one.size_bytes, fields.to_text(b"".join(one.piece_sha256))]
            for one in self.offers
        ]
        value = {"a": rows, "w": [_name(sha256) for sha256 in self.wanted]}
        return _json({key: item for key, item in value.items() if item})

    @classmethod
    def from_payload(cls, payload: bytes) -> OfferRequest:
        """Read a payload; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "offer")
        rows = fields.listing(value.get("a", []), "offer.a", MAX_OFFERS)
        offers = tuple(_offer_from_json(row) for row in rows)
        if sum(one.size_bytes for one in offers) > MAX_OFFERED_BYTES:
            fields.malformed("offer.a", f"offers of at most {MAX_OFFERED_BYTES} bytes")
        names = fields.listing(value.get("w", []), "offer.w", MAX_WANTED)
        return cls(offers, tuple(_sha256(name, "offer.w") for name in names))


@dataclass(frozen=True)
class GoOn:
    """The server has a beginning of the file and takes the rest from there."""

    offset_bytes: int


@dataclass(frozen=True)
class Held:
    """The server has the file whole: ``receipt`` is to be verified."""

    receipt: bytes


@dataclass(frozen=True)
class Declined:
    """The server does not take the file, now or ever: ``code`` says why."""

    code: str


Reply = Union[GoOn, Held, Declined]


@dataclass(frozen=True)
class OfferAnswer:
    """What becomes of each offer, in their order, and which of the wanted names are there."""

    reply_to: bytes
    replies: Tuple[Reply, ...] = ()
    held: Tuple[bool, ...] = ()

    def to_payload(self) -> bytes:
        """Return the UTF-8 JSON."""
        value = {
            "q": fields.to_text(self.reply_to),
            "a": [_reply_to_json(reply) for reply in self.replies],
            "w": [int(one) for one in self.held],
        }
        return _json({key: item for key, item in value.items() if item})

    @classmethod
    def from_payload(cls, payload: bytes) -> OfferAnswer:
        """Read a payload; unknown fields are ignored.

        Raises:
            MessageError: ``message-malformed``.
        """
        value = fields.parse_json_object(payload, "offer answer")
        rows = fields.listing(value.get("a", []), "answer.a", MAX_OFFERS)
        held = fields.listing(value.get("w", []), "answer.w", MAX_WANTED)
        return cls(
            fields.binary(value.get("q"), "answer.q", DIGEST_BYTES),
            tuple(_reply_from_json(row) for row in rows),
            tuple(bool(fields.integer(one, "answer.w", high=1)) for one in held),
        )


def _offer_from_json(value: Any) -> Offer:
    row = fields.listing(value, "offer.a", 10)
    if len(row) < 3:
        fields.malformed("offer.a", "a name, a size and hashes")
    size_bytes = fields.integer(row[1], "offer.a.size", TAG_BYTES + 1, MAX_SEALED_BYTES)
    count = piece_count(size_bytes)
    joined = fields.binary(row[2], "offer.a.pieces", count * HASH_BYTES)
    pieces = tuple(joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES))
    return Offer(_sha256(row[0], "offer.a.name"), size_bytes, pieces)


def _reply_to_json(reply: Reply) -> Any:
    if isinstance(reply, GoOn):
        return reply.offset_bytes
    return reply.code if isinstance(reply, Declined) else [fields.to_text(reply.receipt)]


def _reply_from_json(value: Any) -> Reply:
    if isinstance(value, str):
        return Declined(fields.text(value, "answer.a", 64))
    if isinstance(value, list):
        receipt: Optional[Any] = value[0] if value else None
        return Held(fields.binary(receipt, "answer.a", RECEIPT_BYTES))
    return GoOn(fields.integer(value, "answer.a", high=MAX_SEALED_BYTES))


def _name(sha256: str) -> str:
    return fields.to_text(bytes.fromhex(sha256))


def _sha256(value: Any, name: str) -> str:
    return fields.binary(value, name, HASH_BYTES).hex()


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("utf-8")
