"""Private keys under a passphrase: PKCS#8 (RFC 5958) with PBES2 (RFC 8018) and scrypt (RFC 7914).

`cryptography` reads this container, and so does OpenSSL, but `cryptography` writes only PBKDF2 with
2048 rounds, which a stolen file would not withstand for long. So the few bytes around the encrypted
key are written here, in DER (X.690).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from typing import Iterator, Tuple

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
_MAX_WORK = 1 << 21
"""N, r and p multiplied: at most 256 MiB and a few seconds."""
_MAX_ROUNDS = 10_000_000


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


def is_bearable(pem: bytes) -> bool:
    """Whether opening an encrypted key takes bounded memory and time, as its own costs say.

    False for what cannot be read as well. A reader that believes any costs can be made to work for
    years.
    """
    body = pem.partition(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")[2].partition(b"-----END")[0]
    try:
        whole = _elements(base64.b64decode(b"".join(body.split()), validate=True))
        algorithm = next(_elements(next(whole)[1]))[1]
        costs = [int.from_bytes(one, "big") for one in _integers(algorithm)]
    except (binascii.Error, IndexError, StopIteration):
        return False
    if _SCRYPT in algorithm:
        return len(costs) > 2 and costs[0] * costs[1] * costs[2] <= _MAX_WORK
    return all(cost <= _MAX_ROUNDS for cost in costs)


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


def _elements(data: bytes) -> Iterator[Tuple[int, bytes]]:
    """Tag and content of one DER element after another; raises IndexError where it breaks off."""
    at = 0
    while at < len(data):
        tag, size_bytes, at = data[at], data[at + 1], at + 2
        if size_bytes & 0x80:
            count = size_bytes & 0x7F
            size_bytes, at = int.from_bytes(data[at : at + count], "big"), at + count
        if at + size_bytes > len(data):
            raise IndexError("the element is longer than what holds it")
        yield tag, data[at : at + size_bytes]
        at += size_bytes


def _integers(data: bytes, depth: int = 8) -> Iterator[bytes]:
    """Every integer in an algorithm's sequences."""
    for tag, content in _elements(data) if depth else ():
        if tag == _INTEGER:
            yield content
        elif tag == _SEQUENCE:
            yield from _integers(content, depth - 1)


def _integer(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))
