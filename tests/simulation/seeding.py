"""Keys and names drawn from a seed, so that a run can be had again exactly."""

from __future__ import annotations

import contextlib
import hashlib
import random
import secrets
from typing import Any, Iterator
from unittest import mock

from sync import message
from tests.support.hpke_reference import reference_seal


@contextlib.contextmanager
def seeded_secrets(seed: int) -> Iterator[None]:
    """Let everything that draws from ``secrets`` draw from a seed while the block lasts.

    HPKE draws its one-time keys elsewhere, and letters are named and sorted by what is sealed: so
    the reference stands in for it, with keys from the seed. scrypt, slow on purpose, is let off its
    work: nobody guesses codes here.
    """
    source = random.Random(f"secrets {seed}")

    def token_bytes(size_bytes: int = 32) -> bytes:
        return source.getrandbits(8 * size_bytes).to_bytes(size_bytes, "big")

    def choice(options: Any) -> Any:
        return source.choice(options)

    def quick_scrypt(password: bytes, **options: Any) -> bytes:
        return scrypt(password, **{**options, "n": 2})

    def seeded_seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
        return reference_seal(public, token_bytes(32), plaintext, info)

    scrypt = hashlib.scrypt
    drawn = mock.patch.multiple(secrets, token_bytes=token_bytes, choice=choice)
    sealed = mock.patch.object(message, "seal", seeded_seal)
    with drawn, sealed, mock.patch.object(hashlib, "scrypt", quick_scrypt):
        yield
