"""Private keys under a passphrase: PKCS#8 (RFC 5958) with PBES2 (RFC 8018) and scrypt (RFC 7914).

`cryptography` reads this container, and so does OpenSSL, but `cryptography` writes only PBKDF2 with
2048 rounds, which a stolen file would not withstand for long. So the few bytes around the encrypted
key are written here, in DER (X.690).
"""

from __future__ import annotations

import base64
import hashlib
import os

SCRYPT_N = 1 << 14
SCRYPT_R = 8
SCRYPT_P = 5
"""16 MiB and about a third of a second for each guess. OpenSSL reads no more than 32 MiB."""
_SALT_BYTES = 16
_BLOCK_BYTES = 16
_KEY_BYTES = 32
_PBES2 = bytes.fromhex("06092a864886f70d01050d")
_SCRYPT = bytes.fromhex("06092b06010401da47040b")
_AES_256_CBC = bytes.fromhex("060960864801650304012a")
_SEQUENCE, _INTEGER, _OCTETS = 0x30, 0x02, 0x04
_LINE = 64


def encrypted_pem(pkcs8: bytes, passphrase: bytes) -> bytes:
    """The PEM file of a private key (unencrypted PKCS#8 in DER) under a passphrase."""
    salt, start = os.urandom(_SALT_BYTES), os.urandom(_BLOCK_BYTES)
    key = hashlib.scrypt(
        passphrase, salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, maxmem=64 << 20, dklen=_KEY_BYTES
    )
    costs = b"".join(_integer(value) for value in (SCRYPT_N, SCRYPT_R, SCRYPT_P))
    derivation = _der(_SEQUENCE, _SCRYPT + _der(_SEQUENCE, _der(_OCTETS, salt) + costs))
    cipher = _der(_SEQUENCE, _AES_256_CBC + _der(_OCTETS, start))
    algorithm = _der(_SEQUENCE, _PBES2 + _der(_SEQUENCE, derivation + cipher))
    data = _der(_SEQUENCE, algorithm + _der(_OCTETS, _aes_cbc(key, start, pkcs8)))
    text = base64.b64encode(data).decode("ascii")
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    kind = "ENCRYPTED PRIVATE KEY"
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""]).encode()


def _aes_cbc(key: bytes, start: bytes, plain: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    missing = _BLOCK_BYTES - len(plain) % _BLOCK_BYTES
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()


def _der(tag: int, content: bytes) -> bytes:
    size_bytes = len(content)
    if size_bytes < 0x80:
        return bytes([tag, size_bytes]) + content
    length = size_bytes.to_bytes((size_bytes.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))
