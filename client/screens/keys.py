"""What keys are called, whatever layout the keyboard is set to."""

from __future__ import annotations

from kivy.core.window import Keyboard

_NAMES = {code: name for name, code in Keyboard.keycodes.items()}
_LETTERS_END = 0x110000
"""Keys that type nothing have higher codes."""


def key_name(code: int) -> str:
    """Return a key's name, the letter that it types on the layout in use, or nothing."""
    if code in _NAMES:
        return _NAMES[code]
    letter = chr(code) if 0 < code < _LETTERS_END else ""
    return letter if letter.isprintable() else ""
