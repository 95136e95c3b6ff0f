"""A device's keys: Ed25519 to sign with, X25519 to be sealed to.

The cryptography library is loaded when a key is first used: naming a device needs only its hash.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass, field
from typing import Any

from sync.errors import MessageError

KEY_BYTES = 32
DEVICE_ID_BYTES = 16
SIGNATURE_BYTES = 64


def device_id_text(raw: bytes) -> str:
    """Return the text form (22 characters of base64url) of a device id's 16 bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def device_id_bytes(text: str) -> bytes:
    """Return the 16 bytes of a device id's text form.

    Raises:
        MessageError: ``identity-invalid`` when the text is not exactly that form.
    """
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"==")
    except ValueError as error:
        raise MessageError("identity-invalid", "a device id is not base64url") from error
    if len(raw) != DEVICE_ID_BYTES or device_id_text(raw) != text:
        raise MessageError("identity-invalid", "a device id has not 22 characters of base64url")
    return raw


@dataclass(frozen=True)
class PublicIdentity:
    """What others know of a device: 32 bytes of Ed25519 public key, 32 of X25519."""

    signing: bytes
    sealing: bytes

    def __post_init__(self) -> None:
        if len(self.signing) != KEY_BYTES or len(self.sealing) != KEY_BYTES:
            raise MessageError("identity-invalid", "a public key has not 32 bytes")

    @property
    def device_id(self) -> str:
        """The device's name: 22 characters of base64url."""
        return device_id_text(self.id_bytes)

    @property
    def id_bytes(self) -> bytes:
        """The device's name: the first 16 bytes of SHA-256 over both public keys."""
        return hashlib.sha256(self.signing + self.sealing).digest()[:DEVICE_ID_BYTES]

    def to_bytes(self) -> bytes:
        """Return the 64 bytes from which ``from_bytes`` makes this again."""
        return self.signing + self.sealing

    @classmethod
    def from_bytes(cls, data: bytes) -> PublicIdentity:
        """Read 64 bytes: signing key, then sealing key.

        Raises:
            MessageError: ``identity-invalid`` for any other length.
        """
        return cls(bytes(data[:KEY_BYTES]), bytes(data[KEY_BYTES:]))

    def signed(self, signature: bytes, data: bytes) -> bool:
        """Tell whether ``signature`` (64 bytes, RFC 8032) is this device's over ``data``."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.signing).verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Identity:
    """A device's own keys. Never leaves the device, and never appears in a log (no ``repr``)."""

    signing_seed: bytes = field(repr=False)
    sealing_seed: bytes = field(repr=False)
    public: PublicIdentity

    @classmethod
    def generate(cls) -> Identity:
        """Make new keys from the system's random source."""
        import secrets

        return cls.from_bytes(secrets.token_bytes(2 * KEY_BYTES))

    @classmethod
    def from_bytes(cls, data: bytes) -> Identity:
        """Read 64 secret bytes: Ed25519 seed, then X25519 private key.

        Raises:
            MessageError: ``identity-invalid`` for any other length.
        """
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        if len(data) != 2 * KEY_BYTES:
            raise MessageError("identity-invalid", "a secret identity has 64 bytes")
        signing, sealing = bytes(data[:KEY_BYTES]), bytes(data[KEY_BYTES:])
        raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        public = PublicIdentity(
            Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes(*raw),
            X25519PrivateKey.from_private_bytes(sealing).public_key().public_bytes(*raw),
        )
        return cls(signing, sealing, public)

    def to_bytes(self) -> bytes:
        """Return the 64 secret bytes from which ``from_bytes`` makes this again."""
        return self.signing_seed + self.sealing_seed

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over ``data`` (RFC 8032)."""
        signature: bytes = self._signing_key.sign(data)
        return signature

    @functools.cached_property
    def _signing_key(self) -> Any:
        """The key made from the seed: that takes as long as a signature."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.signing_seed)
