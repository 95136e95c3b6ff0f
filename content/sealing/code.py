"""The codes on an author's card: 12 letters and digits, 60 bits of chance.

The alphabet is Crockford's base 32: no I, L, O or U. What is typed may be small, grouped as one
likes, and typed on a Cyrillic layout where the letters look alike.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHARACTERS = 12
GROUP = 4
_BITS = 5
_LOOKALIKES = str.maketrans("ILOАВСЕНКМРТХЗУОІ", "110ABCEHKMPTX3Y01")


def make_code(chance: bytes) -> str:
    """The code of 8 or more bytes of chance, such as ``K7PM-3QXA-9WTC``."""
    number = int.from_bytes(chance[:8], "big")
    letters = "".join(ALPHABET[number >> _BITS * at & 31] for at in range(CHARACTERS))
    return "-".join(letters[at : at + GROUP] for at in range(0, CHARACTERS, GROUP))


def plain_code(typed: str) -> str:
    """What was typed in the form that counts; empty when it cannot be a code."""
    letters = "".join(typed.upper().translate(_LOOKALIKES).replace("-", " ").split())
    whole = len(letters) == CHARACTERS and all(letter in ALPHABET for letter in letters)
    return letters if whole else ""
