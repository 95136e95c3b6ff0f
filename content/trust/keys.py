"""Publishers' Ed25519 keys (RFC 8032), in files that other tools read too (PKCS#8 PEM)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from content.errors import KeyFileError
from content.plain_file import open_plain
from content.trust.errors import PassphraseError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_CHARACTERS = 32
MIN_PASSPHRASE_CHARACTERS = 10
_MAX_KEY_FILE_BYTES = 4096
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


def key_id(public: bytes) -> str:
    """The name of a public key: the first 16 bytes of its SHA-256, as 32 hex digits."""
    return hashlib.sha256(public).hexdigest()[:KEY_ID_CHARACTERS]


@dataclass(frozen=True)
class PublicKey:
    """A public key: 32 bytes."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """The key's name."""
        return key_id(self.raw)

    def to_text(self) -> str:
        """The key as one line of base64."""
        return base64.b64encode(self.raw).decode("ascii")

    @classmethod
    def from_text(cls, text: str, place: str = "The public key") -> PublicKey:
        """Read what ``to_text`` wrote; raises KeyFileError naming ``place``."""
        try:
            raw = base64.b64decode(text.strip().encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError):
            raw = b""
        if len(raw) != PUBLIC_KEY_BYTES:
            raise KeyFileError(f"{place} is not a public key: one line of 44 characters is wanted.")
        return cls(raw)


class PublisherKey:
    """A private key that signs packs."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> PublisherKey:
        """A new key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> PublisherKey:
        """The key of a 32-byte secret seed (RFC 8032, section 5.1.5)."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, path: Path, passphrase: Optional[str] = None) -> PublisherKey:
        """Read a key file; ``passphrase`` is asked of encrypted ones alone.

        Raises KeyFileError when the file is missing or holds no Ed25519 key, PassphraseError when
        the passphrase is missing or wrong.
        """
        from cryptography.exceptions import InternalError, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        pem = _read_pem(path)
        password = _checked_passphrase(pem, path, passphrase)
        try:
            private = load_pem_private_key(pem, password)
        except (ValueError, TypeError, UnsupportedAlgorithm, InternalError) as problem:
            if password is not None:
                raise PassphraseError(
                    f"The passphrase does not open {path}, or the file is damaged; try again."
                ) from problem
            raise KeyFileError(f"{path} is not a publisher's key file.") from problem
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyFileError(f"{path} holds a key of another kind than Ed25519.")
        return cls(private)

    def save(self, path: Path, passphrase: Optional[str] = None) -> None:
        """Write the key so that only its owner can read it; an existing file is never replaced.

        Raises KeyFileError, or PassphraseError when a passphrase is given and too short.
        """
        pem = self._pem(passphrase)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyFileError(f"{path} exists already and is not replaced.") from None
        except OSError as problem:
            raise KeyFileError(f"{path} cannot be written: {problem.strerror}.") from problem
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())

    def _pem(self, passphrase: Optional[str]) -> bytes:
        from cryptography.hazmat.primitives import serialization

        kind, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        if passphrase is None:
            return self._private.private_bytes(serialization.Encoding.PEM, kind, none)
        if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
            raise PassphraseError(
                f"The passphrase needs {MIN_PASSPHRASE_CHARACTERS} characters at least; take a few "
                "words that belong to no saying."
            )
        from content.trust.encrypted_key import encrypted_pem

        plain = self._private.private_bytes(serialization.Encoding.DER, kind, none)
        return encrypted_pem(plain, _normal(passphrase))

    @property
    def public(self) -> PublicKey:
        """The public half."""
        from cryptography.hazmat.primitives import serialization

        return PublicKey(
            self._private.public_key().public_bytes(
                serialization.Encoding.Raw, serialization.PublicFormat.Raw
            )
        )

    def sign(self, data: bytes) -> bytes:
        """The 64-byte signature of ``data``."""
        return self._private.sign(data)


def is_encrypted(path: Path) -> bool:
    """Whether a key file asks for a passphrase; raises KeyFileError when it cannot be read."""
    return _ENCRYPTED in _read_pem(path)


def _read_pem(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            return file.read(_MAX_KEY_FILE_BYTES)
    except OSError as problem:
        raise KeyFileError(f"{path} cannot be read: {problem.strerror}.") from problem


def _checked_passphrase(pem: bytes, path: Path, passphrase: Optional[str]) -> Optional[bytes]:
    if _ENCRYPTED not in pem:
        return None
    if not passphrase:
        raise PassphraseError(f"{path} is encrypted: its passphrase is needed.")
    from content.trust.encrypted_key import is_bearable

    if not is_bearable(pem):
        raise KeyFileError(
            f"{path} is damaged, or asks for more work than any passphrase is worth."
        )
    return _normal(passphrase)


def _normal(passphrase: str) -> bytes:
    """The passphrase's bytes: alike on every system, whichever way it composes its letters."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def is_signature(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` over ``data`` was made with the private half of ``public``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
