"""Sealing to a public key: HPKE (RFC 9180), base mode, one shot.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305. What is sealed is ``enc`` (32 bytes)
followed by the ciphertext with its tag (16 bytes). ``cryptography`` has it from 48 on; on Python
3.8 ``pyhpke`` does the same.
"""

from __future__ import annotations

import functools
from typing import Any, Callable, NamedTuple

from sync.errors import MessageError
from sync.identity import KEY_BYTES

OVERHEAD_BYTES = 48


class _Suite(NamedTuple):
    """The two operations, over raw keys."""

    seal: Callable[[bytes, bytes, bytes], bytes]
    open: Callable[[bytes, bytes, bytes], bytes]


def seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal to an X25519 public key (32 bytes), bound to ``info``.

    Raises:
        MessageError: ``identity-invalid`` when no secret can be agreed with that key.
    """
    try:
        return _suite().seal(public, plaintext, info)
    except ValueError as error:
        raise MessageError("identity-invalid", "a sealing key") from error


def open_sealed(private: bytes, sealed: bytes, info: bytes) -> bytes:
    """Open what was sealed to the public key of ``private`` (32 bytes) with the same ``info``.

    Raises:
        MessageError: ``message-unreadable``, whatever the cause: they are not told apart.
    """
    if len(sealed) < OVERHEAD_BYTES:
        raise MessageError("message-unreadable", "cut short")
    return _suite().open(private, sealed, info)


_chosen: Any = None


def _suite() -> _Suite:
    global _chosen  # noqa: PLW0603 (loading is put off until the first message)
    if _chosen is None:
        try:
            _chosen = native_suite()
        except ImportError:
            _chosen = pyhpke_suite()
    return _chosen  # type: ignore[no-any-return]


def native_suite() -> _Suite:
    """Return the operations of ``cryptography``. Raises ImportError before its version 48."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import hpke
    from cryptography.hazmat.primitives.asymmetric import x25519

    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    # A party opens with one key of its own all day, and making it takes half as long as opening.
    own_key = functools.lru_cache(maxsize=4)(x25519.X25519PrivateKey.from_private_bytes)

    def _seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
        return suite.encrypt(plaintext, x25519.X25519PublicKey.from_public_bytes(public), info)

    def _open(private: bytes, sealed: bytes, info: bytes) -> bytes:
        key = own_key(private)
        try:
            return suite.decrypt(sealed, key, info)
        except (InvalidTag, ValueError) as error:
            raise MessageError("message-unreadable") from error

    return _Suite(_seal, _open)


def pyhpke_suite() -> _Suite:
    """Return the operations of ``pyhpke``. Raises ImportError where it is not installed."""
    import pyhpke
    from cryptography.hazmat.primitives.asymmetric import x25519

    suite = pyhpke.CipherSuite.new(
        pyhpke.KEMId.DHKEM_X25519_HKDF_SHA256,
        pyhpke.KDFId.HKDF_SHA256,
        pyhpke.AEADId.CHACHA20_POLY1305,
    )

    def _seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
        key = x25519.X25519PublicKey.from_public_bytes(public)
        enc, context = suite.create_sender_context(
            pyhpke.KEMKey.from_pyca_cryptography_key(key), info=info
        )
        return bytes(enc + context.seal(plaintext, aad=b""))

    def _open(private: bytes, sealed: bytes, info: bytes) -> bytes:
        key = x25519.X25519PrivateKey.from_private_bytes(private)
        try:
            context = suite.create_recipient_context(
                sealed[:KEY_BYTES], pyhpke.KEMKey.from_pyca_cryptography_key(key), info=info
            )
            return bytes(context.open(sealed[KEY_BYTES:], aad=b""))
        except (pyhpke.PyHPKEError, ValueError) as error:
            raise MessageError("message-unreadable") from error

    return _Suite(_seal, _open)
