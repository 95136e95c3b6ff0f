"""Messages: one party's signed word to another, sealed so that any road may carry it.

    offset  bytes  what
    0       2      "KX"
    2       1      version, 1
    3       1      kind (``Kind``)
    4       32     HPKE: the sender's one-time public key
    36      n + 16 HPKE: ciphertext and tag of
                     0   16  the signer's device id
                     16  64  Ed25519 signature
                     80  2   dictionary id
                     82  ..  zstd frame of the payload, UTF-8 JSON

HPKE's ``info`` is the context and the first four bytes. The signature covers the context, those
four bytes, the recipient's sealing key and all that follows the signature: nobody can pass a
message on to a third party as meant for them.
"""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass
from typing import Callable, Optional

from sync.compression import compress, decompress
from sync.errors import MessageError
from sync.identity import (
    DEVICE_ID_BYTES,
    SIGNATURE_BYTES,
    Identity,
    PublicIdentity,
    device_id_text,
)
from sync.seal import OVERHEAD_BYTES, open_sealed, seal

MAGIC = b"KX"
VERSION = 1
HEADER_BYTES = 4
DIGEST_BYTES = 8
MAX_MESSAGE_BYTES = 1 << 20
MAX_PAYLOAD_BYTES = 8 << 20
_CONTEXT = b"keruen message 1\0"
_SIGNED_FROM = DEVICE_ID_BYTES + SIGNATURE_BYTES
_SMALLEST_BYTES = HEADER_BYTES + OVERHEAD_BYTES + _SIGNED_FROM

Signers = Callable[[str], Optional[PublicIdentity]]


class Kind(enum.IntEnum):
    """What a message is, the fourth byte of it."""

    EXCHANGE_REQUEST = 1
    EXCHANGE_ANSWER = 2
    ENROLMENT_REQUEST = 3
    ENROLMENT_ANSWER = 4
    RELAY_REQUEST = 7
    RELAY_ANSWER = 8
    OFFER = 5
    OFFER_ANSWER = 6
    JOURNAL_COPY = 9


@dataclass(frozen=True)
class OpenedMessage:
    """A message that proved to be ``signer``'s. ``digest`` names it in an answer."""

    signer: PublicIdentity
    payload: bytes
    digest: bytes


def make_message(kind: Kind, payload: bytes, signer: Identity, recipient: PublicIdentity) -> bytes:
    """Compress, sign and seal a payload.

    Raises:
        MessageError: ``message-too-large`` when the result, or the payload, is beyond the bounds.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageError("message-too-large", f"{len(payload)} bytes of payload")
    header = message_header(kind)
    packed = compress(payload)
    signature = signer.sign(_signed_bytes(header, recipient, packed))
    inner = signer.public.id_bytes + signature + packed
    message = header + seal(recipient.sealing, inner, _CONTEXT + header)
    if len(message) > MAX_MESSAGE_BYTES:
        raise MessageError("message-too-large", f"{len(message)} bytes")
    return message


def open_message(
    data: bytes,
    kind: Kind,
    recipient: Identity,
    signers: Signers,
    max_payload_bytes: int = MAX_PAYLOAD_BYTES,
) -> OpenedMessage:
    """Open a message of a kind that was sealed to ``recipient``.

    ``signers`` returns a device's public keys, or None for one that it does not know. Nothing
    is decompressed before its signature is verified.

    Raises:
        MessageError: ``message-malformed``, ``message-too-large``, ``message-version``,
            ``message-kind``, ``message-unreadable``, ``device-unknown``, ``message-forged`` or
            ``dictionary-unknown``.
    """
    header = check_header(data, kind, _SMALLEST_BYTES)
    inner = open_sealed(recipient.sealing_seed, data[HEADER_BYTES:], _CONTEXT + header)
    device = device_id_text(inner[:DEVICE_ID_BYTES])
    signer = signers(device)
    if signer is None or signer.device_id != device:
        raise MessageError("device-unknown", device)
    signature, packed = inner[DEVICE_ID_BYTES:_SIGNED_FROM], inner[_SIGNED_FROM:]
    if not signer.signed(signature, _signed_bytes(header, recipient.public, packed)):
        raise MessageError("message-forged", device)
    return OpenedMessage(signer, decompress(packed, max_payload_bytes), message_digest(data))


def message_header(kind: Kind) -> bytes:
    """Return the four bytes that a message of a kind begins with."""
    return MAGIC + bytes((VERSION, kind))


def check_header(data: bytes, kind: Kind, smallest_bytes: int) -> bytes:
    """Return the header of what may be a message of a kind.

    Raises:
        MessageError: ``message-malformed``, ``message-too-large``, ``message-version``
            or ``message-kind``.
    """
    if len(data) > MAX_MESSAGE_BYTES:
        raise MessageError("message-too-large", f"{len(data)} bytes")
    if data[:2] != MAGIC:
        raise MessageError("message-malformed", "it does not begin with KX")
    if len(data) < smallest_bytes:
        raise MessageError("message-malformed", f"cut short at {len(data)} bytes")
    if data[2] != VERSION:
        raise MessageError("message-version", str(data[2]))
    if data[3] != kind:
        raise MessageError("message-kind", f"{data[3]} instead of {int(kind)}")
    return bytes(data[:HEADER_BYTES])


def message_digest(data: bytes) -> bytes:
    """Return the first 8 bytes of a message's SHA-256, by which its answer names it."""
    return hashlib.sha256(data).digest()[:DIGEST_BYTES]


def _signed_bytes(header: bytes, recipient: PublicIdentity, packed: bytes) -> bytes:
    return _CONTEXT + header + recipient.sealing + packed
