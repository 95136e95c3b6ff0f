"""The school's way back into a vault whose secret was forgotten: a code on paper.

Forty digits in eight groups of five, the last of each group a check digit (Verhoeff), so that a
slip is told at the group where it happened. Thirty-two random digits are 106 bits; scrypt makes
each guess dear besides. From the code follows an X25519 key: its public half is known to all the
school's laptops, which seal every vault's data key to it; the private half is nowhere but on the
paper, and in memory while a teacher resets a vault.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import List

from client.laptop.errors import Fault
from client.laptop.problems import failure
from client.vaults.keys import KEY_BYTES, derived, public_of
from client.vaults.stretching import BLOCK_SIZE
from sync import verhoeff

GROUPS, GROUP_DIGITS = 8, 5
_SALT = b"keruen recovery 1"
_LOG_N = 14


@dataclass(frozen=True)
class RecoveryCode:
    """A valid code. ``str(code)`` is its form on paper."""

    digits: str = field(repr=False)

    @classmethod
    def generate(cls) -> RecoveryCode:
        """Draw a new code."""
        return cls("".join(_with_check(_random_digits()) for _ in range(GROUPS)))

    @classmethod
    def parse(cls, typed: str) -> RecoveryCode:
        """Read what somebody typed; what is no digit does not matter.

        Raises LaptopError ``recovery-length``, or ``recovery-mistyped`` with the wrong group.
        """
        values = [unicodedata.digit(character, -1) for character in typed]
        digits = "".join(str(value) for value in values if value >= 0)
        if len(digits) != GROUPS * GROUP_DIGITS:
            raise failure("recovery-length", Fault.YOUR_DATA, n=GROUPS * GROUP_DIGITS)
        for place, group in enumerate(_groups(digits), 1):
            if not verhoeff.is_valid(group):
                raise failure("recovery-mistyped", Fault.YOUR_DATA, n=place)
        return cls(digits)

    def __str__(self) -> str:
        return " ".join(_groups(self.digits))

    def private_key(self) -> bytes:
        """Derive the private X25519 key (32 bytes). Takes a moment, on purpose."""
        secret = hashlib.scrypt(
            self.digits.encode("ascii"),
            salt=_SALT,
            n=1 << _LOG_N,
            r=BLOCK_SIZE,
            p=1,
            maxmem=64 << 20,
            dklen=KEY_BYTES,
        )
        return derived(secret, "recovery")

    def public_key(self) -> bytes:
        """Derive the public key, which laptops seal to."""
        return public_of(self.private_key())


def _groups(digits: str) -> List[str]:
    return [digits[at : at + GROUP_DIGITS] for at in range(0, len(digits), GROUP_DIGITS)]


def _random_digits() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(GROUP_DIGITS - 1))


def _with_check(digits: str) -> str:
    return digits + verhoeff.check_digit(digits)
