"""One sealed part: values under a random key, the key under a code.

The values are JSON, deflated, encrypted by ChaCha20-Poly1305 (RFC 8439) with a key of 32 bytes;
that key is encrypted likewise with what scrypt (RFC 7914) makes of the code. Both are bound to the
task and the part's name, so that no part can stand in for another.

The author's secret makes key, code and salts, so building the same source again gives the same
bytes and the same card; another text gives others.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import zlib
from dataclasses import dataclass
from typing import Any, Dict, Mapping

from content.canonical import from_json, to_canonical
from content.errors import DamagedError
from content.fields import Fields
from content.sealing.code import make_code, plain_code
from content.sealing.errors import WrongCodeError

KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16
_NAME_BYTES = 8
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 14, 8, 2
"""16 MiB, and about a tenth of a second for each guess."""
_MAX_VALUES_BYTES = 2 << 20


@dataclass(frozen=True)
class SealedPart:
    """``name`` is what an opened key is kept under; it says nothing of the content."""

    place: str
    name: str
    salt: bytes
    wrapped: bytes
    box: bytes

    def as_values(self) -> Dict[str, str]:
        """The part for JSON."""
        return {
            "name": self.name,
            "salt": _text(self.salt),
            "wrapped": _text(self.wrapped),
            "box": _text(self.box),
        }


def seal(values: Mapping[str, Any], secret: bytes, place: str) -> SealedPart:
    """Seal ``values``; ``place`` names task and part, ``secret`` is its author's alone."""
    plain = to_canonical(values)
    chance = hmac.new(secret, place.encode() + b"\n" + hashlib.sha256(plain).digest(), "sha512")
    seed = chance.digest()
    key, salt = _made(seed, "key", KEY_BYTES), _made(seed, "salt", _SALT_BYTES)
    code = plain_code(make_code(_made(seed, "code", _NAME_BYTES)))
    # A key serves one text only, so that one nonce for all is safe.
    box = _aead(key).encrypt(bytes(_NONCE_BYTES), zlib.compress(plain, 9), _bound(place, "box"))
    outer = _stretched(code, salt)
    wrapped = _aead(outer).encrypt(bytes(_NONCE_BYTES), key, _bound(place, "key"))
    return SealedPart(place, _name(key), salt, wrapped, box)


def code_for(values: Mapping[str, Any], secret: bytes, place: str) -> str:
    """The code that opens what `seal` makes of the same three."""
    plain = to_canonical(values)
    chance = hmac.new(secret, place.encode() + b"\n" + hashlib.sha256(plain).digest(), "sha512")
    return make_code(_made(chance.digest(), "code", _NAME_BYTES))


def read_part(fields: Fields, place: str) -> SealedPart:
    """What `SealedPart.as_values` wrote."""
    return SealedPart(
        place,
        fields.string("name", limit=2 * _NAME_BYTES),
        _bytes(fields, "salt"),
        _bytes(fields, "wrapped"),
        _bytes(fields, "box"),
    )


def key_of(part: SealedPart, typed: str) -> bytes:
    """The part's key by the code that somebody typed; raises WrongCodeError."""
    from cryptography.exceptions import InvalidTag

    code = plain_code(typed)
    if code:
        outer = _stretched(code, part.salt)
        with contextlib.suppress(InvalidTag):
            key: bytes = _aead(outer).decrypt(
                bytes(_NONCE_BYTES), part.wrapped, _bound(part.place, "key")
            )
            return key
    raise WrongCodeError("This code does not open it; look at the card again.")


def opened(part: SealedPart, key: bytes) -> Dict[str, Any]:
    """The values; raises DamagedError for a key of something else, or a damaged box."""
    from cryptography.exceptions import InvalidTag

    try:
        packed = _aead(key).decrypt(bytes(_NONCE_BYTES), part.box, _bound(part.place, "box"))
    except (InvalidTag, ValueError):
        raise DamagedError(f"{part.place} cannot be opened with this key.") from None
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(packed, _MAX_VALUES_BYTES)
    except zlib.error:
        raise DamagedError(f"{part.place} holds what no author sealed.") from None
    values = from_json(plain, part.place, _MAX_VALUES_BYTES)
    if not isinstance(values, dict) or inflate.unconsumed_tail:
        raise DamagedError(f"{part.place} holds what no author sealed.")
    return values


def _made(seed: bytes, purpose: str, size_bytes: int) -> bytes:
    return hmac.new(seed, purpose.encode(), "sha256").digest()[:size_bytes]


def _name(key: bytes) -> str:
    return hmac.new(key, b"name", "sha256").hexdigest()[: 2 * _NAME_BYTES]


def _bound(place: str, purpose: str) -> bytes:
    return f"keruen sealed 1\n{purpose}\n{place}".encode()


def _stretched(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        code.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, maxmem=64 << 20, dklen=32
    )


def _aead(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    return ChaCha20Poly1305(key)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(fields: Fields, name: str) -> bytes:
    try:
        return base64.b64decode(fields.string(name, limit=4 << 20), validate=True)
    except (binascii.Error, ValueError):
        raise fields.fail(name, "must be base64") from None
