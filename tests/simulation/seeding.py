"""Keys and names drawn from a seed, so that a run can be had again exactly."""

from __future__ import annotations

import contextlib
import hashlib
import random
import secrets
from typing import Any, Iterator
from unittest import mock


@contextlib.contextmanager
def seeded_secrets(seed: int) -> Iterator[None]:
    """Let everything that draws from ``secrets`` draw from a seed while the block lasts.

    HPKE draws its one-time keys elsewhere: they change no byte of what is said, only how it is
    sealed. scrypt, slow on purpose, is let off its work: nobody guesses codes here.
    """
    source = random.Random(f"secrets {seed}")

    def token_bytes(size_bytes: int = 32) -> bytes:
        return source.getrandbits(8 * size_bytes).to_bytes(size_bytes, "big")

    def choice(options: Any) -> Any:
        return source.choice(options)

    def quick_scrypt(password: bytes, **options: Any) -> bytes:
        return scrypt(password, **{**options, "n": 2})

    scrypt = hashlib.scrypt
    drawn = mock.patch.multiple(secrets, token_bytes=token_bytes, choice=choice)
    with drawn, mock.patch.object(hashlib, "scrypt", quick_scrypt):
        yield
