"""The keys of one person: a data key, and what follows from it.

Everything is standard and from `cryptography`: HKDF with SHA-256 (RFC 5869) derives,
ChaCha20-Poly1305 (RFC 8439) locks, X25519 with HPKE (RFC 9180, `sync.seal`) seals to who is away,
Ed25519 (RFC 8032) signs the vault's file.
"""

from __future__ import annotations

import secrets
from typing import Optional

from client.laptop.errors import Fault, LaptopError
from client.laptop.problems import failure
from sync.errors import MessageError
from sync.identity import Identity
from sync.seal import open_sealed, seal

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
LOCK_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES
_SEALED_TO = b"keruen vault 1 for "


def new_data_key() -> bytes:
    """Draw a data key."""
    return secrets.token_bytes(KEY_BYTES)


def derived(key: bytes, label: str) -> bytes:
    """Derive a key (32 bytes) for one use from another one."""
    return expanded(key, b"keruen vault 1 " + label.encode("utf-8"), KEY_BYTES)


def expanded(key: bytes, info: bytes, size_bytes: int) -> bytes:
    """Derive bytes from a key that is random already (RFC 5869 section 2.3, with SHA-256)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    return HKDFExpand(algorithm=SHA256(), length=size_bytes, info=info).derive(key)


def public_of(private: bytes) -> bytes:
    """Return the public X25519 key (32 bytes) of a private one."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    public = X25519PrivateKey.from_private_bytes(private).public_key()
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def lock(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt under a key: a fresh nonce (12 bytes), the ciphertext, its tag (16).

    With random nonces one key is good for 2**32 uses (RFC 8439 section 2.8 asks that none comes
    twice); a person writes some thousands of rows a year.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plain, bound_to)


def unlocked(key: bytes, locked: bytes, bound_to: bytes) -> Optional[bytes]:
    """Return what was locked under a key and bound to the same; None where it was not."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    if len(locked) < LOCK_OVERHEAD_BYTES:
        return None
    try:
        cipher = ChaCha20Poly1305(key)
        return cipher.decrypt(locked[:NONCE_BYTES], locked[NONCE_BYTES:], bound_to)
    except InvalidTag:
        return None


class OpenVault:
    """A person's keys while they sit at the laptop. Forget it, and the vault is locked again."""

    def __init__(self, person: str, data_key: bytes) -> None:
        self.person = person
        self._data_key = data_key
        self._rows = derived(data_key, "rows")
        self._private = derived(data_key, "sealing")
        self._seed = derived(data_key, "signing")

    def __repr__(self) -> str:
        return f"OpenVault({self.person})"

    @property
    def data_key(self) -> bytes:
        """The key itself, for who wraps it anew."""
        return self._data_key

    @property
    def public(self) -> bytes:
        """What others seal to for this person (32 bytes)."""
        return public_of(self._private)

    @property
    def signer(self) -> bytes:
        """What others know this person's vault file by (32 bytes, Ed25519)."""
        return self._identity().public.signing

    def sign(self, data: bytes) -> bytes:
        """Sign a vault file (64 bytes)."""
        return self._identity().sign(data)

    def _identity(self) -> Identity:
        return Identity.from_bytes(self._seed + self._private)

    def lock(self, plain: bytes, bound_to: str) -> bytes:
        """Encrypt something of this person's; ``bound_to`` says what it is, and where it stands."""
        return lock(self._rows, plain, bound_to.encode("utf-8"))

    def unlock(self, locked: bytes, bound_to: str) -> bytes:
        """Decrypt it. Raises LaptopError ``vault-row-damaged``."""
        plain = unlocked(self._rows, locked, bound_to.encode("utf-8"))
        if plain is None:
            raise _damaged(bound_to)
        return plain

    def unseal(self, sealed: bytes, bound_to: str) -> bytes:
        """Open what was sealed to this person. Raises LaptopError ``vault-row-damaged``."""
        try:
            return open_sealed(self._private, sealed, _SEALED_TO + bound_to.encode("utf-8"))
        except MessageError as error:
            raise _damaged(bound_to) from error


def seal_for(public: bytes, plain: bytes, bound_to: str) -> bytes:
    """Seal something to a person whose vault may be locked: their public key is enough."""
    return seal(public, plain, _SEALED_TO + bound_to.encode("utf-8"))


def _damaged(bound_to: str) -> LaptopError:
    return failure("vault-row-damaged", Fault.THEIR_DATA, bound_to, bound_to)
