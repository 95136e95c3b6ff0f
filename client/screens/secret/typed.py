"""What was pressed or typed of a secret so far. Imports no kivy."""

from __future__ import annotations

from typing import List, Optional, Tuple

from client.digits import digit_meant
from client.vaults import secrets
from client.vaults.secrets import LONGEST, PICTURE_NAMES, PICTURES, PIN, Secret

PICTURE_KEYS = "1234567890SDFGJL"
"""What chooses each picture on a keyboard: Latin letters that no Cyrillic one looks like."""
_SAME_KEY = dict(zip("ЫВАПОД", "SDFGJL"))
"""What these keys type on the Russian and the Kazakh layout."""


def picture_meant(letter: str) -> Optional[str]:
    """Return the picture that a key chooses, whatever layout it typed on; None for other keys."""
    meant = digit_meant(letter).upper()
    place = PICTURE_KEYS.find(_SAME_KEY.get(meant, meant))
    return PICTURE_NAMES[place] if len(meant) == 1 and place >= 0 else None


class Typed:
    """Digits, a text or pictures, by ``kind``; shown as dots only, and kept nowhere."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.text = ""
        self._parts: List[str] = []

    def __repr__(self) -> str:
        return f"Typed({self.kind})"

    @property
    def count(self) -> int:
        """How many digits, letters or pictures there are."""
        return len(self._parts) if self.kind in (PIN, PICTURES) else len(self.text)

    @property
    def pictures(self) -> Tuple[str, ...]:
        """The pictures so far."""
        return tuple(self._parts) if self.kind == PICTURES else ()

    def press(self, part: str) -> None:
        """Add a digit or a picture."""
        if len(self._parts) < LONGEST:
            self._parts.append(part)

    def type(self, letter: str) -> bool:
        """Add what a key typed; tell whether it was anything that belongs here."""
        if self.kind == PICTURES:
            part = picture_meant(letter)
        else:
            meant = digit_meant(letter)
            part = meant if self.kind == PIN and len(meant) == 1 and meant.isdecimal() else None
        if part is not None:
            self.press(part)
        return part is not None

    def rub_out(self) -> None:
        """Take the last one back."""
        if self._parts:
            self._parts.pop()

    def clear(self) -> None:
        """Begin anew."""
        self.text, self._parts = "", []

    def secret(self) -> Secret:
        """Return it in the form that secrets are compared in."""
        if self.kind == PICTURES:
            return secrets.pictures(self._parts)
        return (
            secrets.pin("".join(self._parts)) if self.kind == PIN else secrets.password(self.text)
        )
