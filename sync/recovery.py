"""The school's way back into a vault whose secret was forgotten: a code on paper.

Forty digits in eight groups of five, the last of each group a check digit (Verhoeff), so that a
slip is told at the group where it happened. Thirty-two random digits are 106 bits; scrypt
(RFC 7914) makes each guess dear besides. From the code follows an X25519 key (RFC 7748): its public
half is known to all the school's laptops, which seal every vault's data key to it; the private half
is nowhere but on the paper, and in memory while a teacher resets a vault.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import List, Optional, Type, TypeVar

from sync import verhoeff

GROUPS, GROUP_DIGITS = 8, 5
KEY_BYTES = 32
_SALT = b"keruen recovery 1"
_INFO = b"keruen vault 1 recovery"
_LOG_N, _BLOCK_SIZE = 14, 8

_Code = TypeVar("_Code", bound="RecoveryCode")


@dataclass(frozen=True)
class RecoveryCode:
    """Forty digits. ``str(code)`` is their form on paper; ``repr`` does not show them."""

    digits: str = field(repr=False)

    @classmethod
    def generate(cls: Type[_Code]) -> _Code:
        """Draw a new code."""
        return cls("".join(_with_check(_random_digits()) for _ in range(GROUPS)))

    def __str__(self) -> str:
        return " ".join(groups(self.digits))

    def private_key(self) -> bytes:
        """Derive the private X25519 key (32 bytes). Takes a moment, on purpose."""
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

        stretched = hashlib.scrypt(
            self.digits.encode("ascii"),
            salt=_SALT,
            n=1 << _LOG_N,
            r=_BLOCK_SIZE,
            p=1,
            maxmem=64 << 20,
            dklen=KEY_BYTES,
        )
        return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=_INFO).derive(stretched)

    def public_key(self) -> bytes:
        """Derive the public key (32 bytes), which laptops seal to."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        public = X25519PrivateKey.from_private_bytes(self.private_key()).public_key()
        return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def digits_of(typed: str) -> str:
    """Return the digits of what somebody typed, of any script; what is no digit is left out."""
    values = [unicodedata.digit(character, -1) for character in typed]
    return "".join(str(value) for value in values if value >= 0)


def groups(digits: str) -> List[str]:
    """Cut digits into groups; the last one may be shorter."""
    return [digits[at : at + GROUP_DIGITS] for at in range(0, len(digits), GROUP_DIGITS)]


def wrong_group(digits: str) -> Optional[int]:
    """Return the first whole group, from 1, that is mistyped; None where there is none."""
    for place, group in enumerate(groups(digits), 1):
        if len(group) == GROUP_DIGITS and not verhoeff.is_valid(group):
            return place
    return None


def _random_digits() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(GROUP_DIGITS - 1))


def _with_check(digits: str) -> str:
    return digits + verhoeff.check_digit(digits)
