"""PNGs for the docs: as few colours as a flat screen needs, so that the repository stays small."""

from __future__ import annotations

from pathlib import Path

COLOURS = 64


def make_small(path: Path, colours: int = COLOURS) -> None:
    """Write a PNG anew with so many colours at most."""
    from PIL import Image

    with Image.open(path) as drawn:
        small = drawn.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
