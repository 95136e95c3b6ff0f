"""The signature on each request about one attached file, in its ``Authorization`` header.

Only a device of the school can make it, and it serves for one method, one file, one place in it
and one length at this one server. Who overhears it can repeat that very request and no other: the
server takes bytes only where the file goes on, and only those whose hashes the device named before
in a sealed message.
"""

from __future__ import annotations

import struct
from typing import Optional

from sync import fields
from sync.errors import MessageError
from sync.identity import (
    DEVICE_ID_BYTES,
    SIGNATURE_BYTES,
    Identity,
    PublicIdentity,
    device_id_text,
)
from sync.message import Signers

SCHEME = "Keruen"
_CONTEXT = b"keruen attachment request 1\0"
_SIZE_BYTES = DEVICE_ID_BYTES + SIGNATURE_BYTES


def authorization(
    device: Identity,
    server: PublicIdentity,
    method: str,
    sha256: str,
    start: int = 0,
    size_bytes: int = 0,
) -> str:
    """Return the header's value for a request.

    ``start`` is the ``Upload-Offset`` of a PATCH or the first byte that a GET asks for,
    ``size_bytes`` the ``Content-Length`` of a PATCH.
    """
    signature = device.sign(_signed(server, method, sha256, start, size_bytes))
    return f"{SCHEME} {fields.to_text(device.public.id_bytes + signature)}"


def authorized(
    header: Optional[str],
    signers: Signers,
    server: PublicIdentity,
    method: str,
    sha256: str,
    start: int = 0,
    size_bytes: int = 0,
) -> PublicIdentity:
    """Return the device that signed such a request.

    Raises:
        MessageError: ``message-malformed`` without a signature, ``device-unknown`` or
            ``message-forged``.
    """
    scheme, _, text = (header or "").partition(" ")
    if scheme != SCHEME:
        raise MessageError("message-malformed", "no signature")
    raw = fields.binary(text, "authorization", _SIZE_BYTES)
    device_id = device_id_text(raw[:DEVICE_ID_BYTES])
    device = signers(device_id)
    if device is None or device.device_id != device_id:
        raise MessageError("device-unknown", device_id)
    signed = _signed(server, method, sha256, start, size_bytes)
    if not device.signed(raw[DEVICE_ID_BYTES:], signed):
        raise MessageError("message-forged", device_id)
    return device


def _signed(server: PublicIdentity, method: str, sha256: str, start: int, size_bytes: int) -> bytes:
    place = struct.pack(">QQ", start, size_bytes)
    name = bytes.fromhex(sha256)
    return _CONTEXT + server.id_bytes + method.encode("ascii").ljust(8, b"\0") + name + place
