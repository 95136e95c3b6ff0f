"""What is private in a backup lies there under a passphrase, so that a lost stick tells nothing.

scrypt (RFC 7914) makes a master key of the passphrase. HKDF-SHA256 (RFC 5869) makes of it the key
that seals one file, bound to the file's own hash, so that no key seals two files and an unchanged
file need not be written again. Files are sealed in segments as attached ones are
(:mod:`sync.attachments.attachment`).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

from sync_server.errors import BackupError

SALT_BYTES = 16
KEY_BYTES = 32
LOG_N, MIN_LOG_N, MAX_LOG_N = 16, 14, 18
"""64 MiB and about a quarter of a second for each guess."""
_R, _P = 8, 1
_FILE = b"keruen backup 1 file\0"
_INDEX = b"keruen backup 1 index"


@dataclass(frozen=True)
class Lock:
    """What a passphrase is stretched with."""

    salt: bytes
    log_n: int = LOG_N


def new_lock() -> Lock:
    """Return one for a new passphrase."""
    return Lock(os.urandom(SALT_BYTES))


def master_key(passphrase: str, lock: Lock) -> bytes:
    """Return the key that a passphrase stands for; slow on purpose.

    Raises:
        BackupError: the lock asks for too little or too much work: somebody changed it.
    """
    if not MIN_LOG_N <= lock.log_n <= MAX_LOG_N:
        raise BackupError("The backup's index asks for a key that no Keruen makes: it was changed.")
    cost = 1 << lock.log_n
    return hashlib.scrypt(
        passphrase.encode("utf-8"),
        salt=lock.salt,
        n=cost,
        r=_R,
        p=_P,
        maxmem=2 * 128 * cost * _R,
        dklen=KEY_BYTES,
    )


def file_key(master: bytes, plain_sha256: str) -> bytes:
    """Return the key for the file with this SHA-256."""
    return _derived(master, _FILE + bytes.fromhex(plain_sha256))


def index_proof(master: bytes, body: bytes) -> str:
    """Return what shows that an index is of somebody who knew the passphrase (HMAC-SHA256)."""
    return hmac.new(_derived(master, _INDEX), body, "sha256").hexdigest()


def _derived(master: bytes, purpose: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    return HKDFExpand(SHA256(), KEY_BYTES, purpose).derive(master)
