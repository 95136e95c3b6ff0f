"""The secret that an author's tests are sealed with: it follows from the signing key."""

from __future__ import annotations

import hashlib

from content.trust.keys import PublisherKey

_PURPOSE = b"keruen sealing secret 1"


def sealing_secret(key: PublisherKey) -> bytes:
    """32 bytes that only the key's owner can make, the same every time.

    Ed25519 signatures are deterministic (RFC 8032); this one is never given away, and no envelope's
    text begins as it does.
    """
    return hashlib.sha256(key.sign(_PURPOSE)).digest()
