"""What a person knows: a PIN, a password, or pictures in an order (for who cannot write yet)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Mapping, Sequence, Tuple

from client.laptop.errors import Fault
from client.laptop.problems import failure

PIN, PASSWORD, PICTURES = "pin", "password", "pictures"
KINDS = (PIN, PASSWORD, PICTURES)
PICTURE_NAMES: Tuple[str, ...] = (
    "sun",
    "mountain",
    "flower",
    "horse",
    "moon",
    "bird",
    "sheep",
    "ball",
    "tree",
    "fish",
    "rocket",
    "star",
    "yurt",
    "apple",
    "cat",
    "butterfly",
)
"""Sixteen, shown always in this order; the names are part of vaults and never change."""
SHORTEST: Mapping[str, int] = {PIN: 4, PASSWORD: 6, PICTURES: 4}
LONGEST = 64


@dataclass(frozen=True)
class Policy:
    """What a school demands at least: digits of a PIN, letters of a password, pictures.

    With ``required`` nobody sits down without a secret.
    """

    pin_digits: int = SHORTEST[PIN]
    password_letters: int = SHORTEST[PASSWORD]
    pictures: int = SHORTEST[PICTURES]
    required: bool = False

    def shortest(self, kind: str) -> int:
        """Return how long a secret of a kind must be."""
        wanted = {PIN: self.pin_digits, PASSWORD: self.password_letters, PICTURES: self.pictures}
        return max(SHORTEST[kind], min(LONGEST, wanted[kind]))


@dataclass(frozen=True)
class Secret:
    """Something that a person knows, in the one form that it is compared in.

    Never shown, logged or kept: ``repr`` tells only its kind.
    """

    kind: str
    text: str

    def __repr__(self) -> str:
        return f"Secret({self.kind})"

    def to_bytes(self) -> bytes:
        """Return what is stretched: two kinds never give the same bytes."""
        return f"{self.kind}\0{self.text}".encode()

    @property
    def length(self) -> int:
        """How many digits, letters or pictures there are."""
        return len(self.text.split()) if self.kind == PICTURES else len(self.text)


def pin(typed: str) -> Secret:
    """Read a PIN; digits of any script count as what they stand for, spaces do not count.

    Raises LaptopError ``secret-not-digits``.
    """
    kept = [character for character in typed if not character.isspace()]
    values = [unicodedata.digit(character, -1) for character in kept]
    if -1 in values:
        raise failure("secret-not-digits", Fault.YOUR_DATA)
    return Secret(PIN, "".join(str(value) for value in values))


def password(typed: str) -> Secret:
    """Read a password; how a keyboard composed its letters does not matter (NFKC)."""
    return Secret(PASSWORD, unicodedata.normalize("NFKC", typed))


def pictures(names: Sequence[str]) -> Secret:
    """Read pictures in the order in which they were touched."""
    unknown = [name for name in names if name not in PICTURE_NAMES]
    if unknown:
        raise ValueError(f"no such picture: {unknown[0]}")
    return Secret(PICTURES, " ".join(names))


def check_new(secret: Secret, policy: Policy) -> None:
    """Raise LaptopError where a new secret would be too easy, or too long to type again.

    ``secret-short`` with how many there must be, ``secret-long``, or ``secret-simple`` for one
    thing repeated and for digits in a row: what others try first.
    """
    shortest = policy.shortest(secret.kind)
    if secret.length < shortest:
        raise failure("secret-short", Fault.YOUR_DATA, n=shortest)
    if secret.length > LONGEST:
        raise failure("secret-long", Fault.YOUR_DATA, n=LONGEST)
    if _is_simple(secret):
        raise failure("secret-simple", Fault.YOUR_DATA)


def _is_simple(secret: Secret) -> bool:
    parts = secret.text.split() if secret.kind == PICTURES else list(secret.text)
    if len(set(parts)) == 1:
        return True
    if secret.kind != PIN:
        return False
    steps = {int(after) - int(before) for before, after in zip(parts, parts[1:])}
    return steps in ({1}, {-1})
