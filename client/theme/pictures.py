"""The pictures that people choose for themselves, as plain data."""

from __future__ import annotations

from typing import Mapping, Tuple

PICTURES: Mapping[str, Tuple[str, str]] = {
    "sun": ("sun", "sun"),
    "mountain": ("mountain", "sky"),
    "flower": ("flower", "rust"),
    "tulip": ("flower", "rust"),
    "horse": ("horse", "green"),
    "moon": ("moon", "lilac"),
    "eagle": ("bird", "sky"),
    "bird": ("bird", "sky"),
    "saiga": ("sheep", "sun"),
    "sheep": ("sheep", "stone"),
    "note": ("note", "sun"),
    "ball": ("ball", "rust"),
    "tree": ("tree", "green"),
    "fish": ("fish", "sky"),
    "rocket": ("rocket", "lilac"),
    "star": ("star", "sun"),
    "yurt": ("yurt", "stone"),
    "apple": ("apple", "rust"),
    "cat": ("cat", "lilac"),
    "kite": ("kite", "green"),
    "airplane": ("airplane", "sky"),
    "bicycle": ("bicycle", "green"),
    "guitar": ("guitar", "stone"),
    "butterfly": ("butterfly", "lilac"),
}
"""Name of a picture -> (our icon, tint)."""

LETTER_TINTS = ("sun", "sky", "rust", "green", "lilac", "stone")


def tint_of(picture: str, name: str) -> str:
    """Return a person's tint: their picture's, else one that their name always gets."""
    if picture in PICTURES:
        return PICTURES[picture][1]
    return LETTER_TINTS[sum(map(ord, name)) % len(LETTER_TINTS)]
