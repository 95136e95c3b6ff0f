"""HPKE's base mode written straight from RFC 9180, for checking the real one against.

X25519, HKDF-SHA256 and ChaCha20Poly1305, one shot. The names are the RFC's.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Tuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
_SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))


def _labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.new(salt, b"HPKE-v1" + suite + label + ikm, hashlib.sha256).digest()


def _labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    blocks, block = b"", b""
    while len(blocks) < length:
        counter = bytes([len(blocks) // 32 + 1])
        block = hmac.new(prk, block + labeled + counter, hashlib.sha256).digest()
        blocks += block
    return blocks[:length]


def _public(private: X25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key_and_nonce(
    own: bytes, peer: bytes, enc: bytes, pk_r: bytes, info: bytes
) -> Tuple[bytes, bytes]:
    dh = X25519PrivateKey.from_private_bytes(own).exchange(X25519PublicKey.from_public_bytes(peer))
    eae_prk = _labeled_extract(_KEM_SUITE, b"", b"eae_prk", dh)
    shared = _labeled_expand(_KEM_SUITE, eae_prk, b"shared_secret", enc + pk_r, 32)
    psk_id_hash = _labeled_extract(_SUITE, b"", b"psk_id_hash", b"")
    info_hash = _labeled_extract(_SUITE, b"", b"info_hash", info)
    context = b"\x00" + psk_id_hash + info_hash
    secret = _labeled_extract(_SUITE, shared, b"secret", b"")
    key = _labeled_expand(_SUITE, secret, b"key", context, 32)
    return key, _labeled_expand(_SUITE, secret, b"base_nonce", context, 12)


def reference_open(private: bytes, sealed: bytes, info: bytes, aad: bytes = b"") -> bytes:
    enc, ciphertext = sealed[:32], sealed[32:]
    pk_r = _public(X25519PrivateKey.from_private_bytes(private))
    key, nonce = _key_and_nonce(private, enc, enc, pk_r, info)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, aad)


def reference_seal(
    public: bytes, ephemeral: bytes, plaintext: bytes, info: bytes, aad: bytes = b""
) -> bytes:
    enc = _public(X25519PrivateKey.from_private_bytes(ephemeral))
    key, nonce = _key_and_nonce(ephemeral, public, enc, public, info)
    return enc + ChaCha20Poly1305(key).encrypt(nonce, plaintext, aad)
