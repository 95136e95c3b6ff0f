"""The token set in force, as RGBA for the canvas."""

from __future__ import annotations

from typing import Tuple

from client.theme import tokens

Rgba = Tuple[float, float, float, float]
CLEAR: Rgba = (0.0, 0.0, 0.0, 0.0)


def rgba(colour: str, alpha: float = 1.0) -> Rgba:
    """Return ``#RRGGBB`` as four numbers from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, alpha


class Palette:
    """Every token of one set as an attribute: ``palette.sky``.

    Widgets read it while they are built; after :meth:`use` the app builds its screen anew.
    """

    name: str
    paper: Rgba
    surface: Rgba
    line: Rgba
    ink: Rgba
    muted: Rgba
    sky: Rgba
    on_sky: Rgba
    sky_tint: Rgba
    sun: Rgba
    on_sun: Rgba
    sun_tint: Rgba
    green: Rgba
    green_tint: Rgba
    rust: Rgba
    rust_tint: Rgba
    lilac: Rgba
    lilac_tint: Rgba
    stone_tint: Rgba
    red: Rgba
    on_red: Rgba
    dots: Rgba
    track: Rgba

    def __init__(self, name: str = "light") -> None:
        self.use(name)

    def use(self, name: str) -> None:
        """Switch to the set ``light``, ``dark`` or ``contrast``; raise KeyError for any other."""
        for token, colour in tokens.SETS[name].items():
            setattr(self, token, rgba(colour))
        self.name = name

    def named(self, name: str) -> Rgba:
        """Return a token's colour; ``clear`` is fully transparent."""
        if name == "clear":
            return CLEAR
        colour: Rgba = getattr(self, name)
        return colour


palette = Palette()
