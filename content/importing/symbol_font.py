"""Letters of Word's Symbol font as what they look like (Adobe's Symbol encoding)."""

from __future__ import annotations

from typing import Mapping

_GREEK = dict(zip("abgdezhqiklmnxoprstufcywj", "αβγδεζηθικλμνξοπρστυφχψωϕ"))
_CAPITALS = dict(zip("GDQLXPSFYW", "ΓΔΘΛΞΠΣΦΨΩ"))
_SIGNS = {
    0xA3: "≤", 0xB3: "≥", 0xB9: "≠", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xD7: "⋅", 0xAE: "→",
    0xAC: "←", 0xDE: "⇒", 0xDB: "⇔", 0xCE: "∈", 0xCF: "∉", 0xC7: "∩", 0xC8: "∪", 0xCC: "⊂",
    0xCD: "⊆", 0xB0: "°", 0xA5: "∞", 0xD0: "∠", 0x5E: "⊥", 0xBB: "≈", 0xBA: "≡", 0xD6: "√",
    0xE5: "∑", 0xF2: "∫", 0xB7: "•", 0xA2: "′", 0xB2: "″", 0xC6: "∅", 0x22: "∀", 0x24: "∃",
    0xAB: "↔", 0x7E: "∼", 0x2D: "−", 0x2B: "+", 0x3D: "=", 0x28: "(", 0x29: ")", 0x3C: "<",
    0x3E: ">", 0x5B: "[", 0x5D: "]", 0x7B: "{", 0x7D: "}", 0x7C: "|", 0x2F: "/", 0x2C: ",",
    0x2E: ".", 0x20: " ", 0xD5: "∏", 0xBC: "…", 0xD9: "∧", 0xDA: "∨", 0xD8: "¬",
}  # fmt: skip
_DRAWN: Mapping[int, str] = {
    **{ord(letter): drawn for letter, drawn in {**_GREEK, **_CAPITALS}.items()},
    **{code: chr(code) for code in range(0x30, 0x3A)},
    **_SIGNS,
}
_PRIVATE = 0xF000


def symbol(code: int) -> str:
    """What a character of the Symbol font looks like, or "" where nothing does."""
    return _DRAWN.get(code - _PRIVATE if code >= _PRIVATE else code, "")


def unmasked(text: str) -> str:
    """Text whose private characters (U+F020 to U+F0FF) are those of the Symbol font."""
    return "".join(
        symbol(ord(letter)) or letter if 0xF020 <= ord(letter) <= 0xF0FF else letter
        for letter in text
    )
