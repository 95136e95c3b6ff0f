"""A lesson's picture when nobody drew one: its subject's sign on the colour of the sky."""

from __future__ import annotations

from typing import Any, Mapping

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from client.theme.icons import font_path, glyph
from client.theme.palette import palette
from client.theme.tokens import RADIUS_DP
from client.widgets import kv
from client.widgets.plate import outer_corner

SIGNS: Mapping[str, str] = {
    "algebra": "2x + 3 = 11",
    "mathematics": "3 · 4 = 12",
    "geometry": "a² + b² = c²",
    "physics": "F = m · a",
    "chemistry": "2H₂ + O₂",
    "informatics": "0 1 1 0",
    "kazakh": "Әә Ққ Ңң",
    "russian": "Аа Бб Вв",
    "english": "Aa Bb Cc",
}
SUBJECT_ICONS: Mapping[str, str] = {
    "algebra": "algebra",
    "mathematics": "algebra",
    "geometry": "algebra",
    "physics": "physics",
    "chemistry": "chemistry",
    "biology": "biology",
    "geography": "geography",
    "history": "history",
    "kazakh": "language_subject",
    "russian": "language_subject",
    "english": "language_subject",
}
SUBJECT_TINTS: Mapping[str, str] = {
    "algebra": "sky",
    "mathematics": "sky",
    "geometry": "sky",
    "physics": "lilac",
    "chemistry": "lilac",
    "biology": "green",
    "geography": "green",
    "history": "rust",
    "kazakh": "rust",
    "russian": "rust",
    "english": "rust",
}
FROM, TO = (11, 106, 136), (44, 145, 176)
"""The sky's gradient, the same in every colour set: the white sign stands on it."""


def subject_icon(subject: str) -> str:
    """Return our icon for a subject."""
    return SUBJECT_ICONS.get(subject, "subject")


def subject_tint(subject: str) -> str:
    """Return the tint that a subject's tasks have."""
    return SUBJECT_TINTS.get(subject, "sky")


def gradient() -> Any:
    """Make a small texture that fades along the diagonal when stretched."""
    side = 16
    shares = ((row + column) / (2 * side - 2) for row in range(side) for column in range(side))
    pixels = bytes(round(a + (b - a) * share) for share in shares for a, b in zip(FROM, TO))
    texture = Texture.create(size=(side, side), colorfmt="rgb")
    texture.blit_buffer(pixels, colorfmt="rgb", bufferfmt="ubyte")
    return texture


class SubjectPicture(AnchorLayout):
    """The sign of ``subject`` on a gradient.

    ``around`` is the colour that its corners are cut to; ``top_only`` leaves the lower ones.
    """

    subject = StringProperty("")
    around = ColorProperty(palette.surface)
    top_only = BooleanProperty(False)
    sign_size = NumericProperty(dp(28))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._ground = Rectangle(texture=gradient())
            self._color = Color(*self.around)
            self._corners = [Rectangle(size=(0, 0)) for _ in range(4)]
        for watched in ("pos", "size", "around", "top_only"):
            self.fbind(watched, self._redraw)

    def _redraw(self, *_: Any) -> None:
        left, low = round(self.x), round(self.y)
        wide, high = round(self.width), round(self.height)
        side = round(dp(RADIUS_DP))
        self._ground.pos, self._ground.size = (left, low), (wide, high)
        self._color.rgba = self.around
        for index, corner in enumerate(self._corners):
            at_right, at_top = index % 2, index // 2
            corner.texture = outer_corner(side)
            corner.pos = (left + at_right * (wide - side), low + at_top * (high - side))
            corner.size = (0, 0) if self.top_only and not at_top else (side, side)
            u, v = (1, 0) if at_right else (0, 1), (1, 0) if at_top else (0, 1)
            corner.tex_coords = (u[0], v[0], u[1], v[0], u[1], v[1], u[0], v[1])

    def sign(self, subject: str) -> str:
        """Return what to show: a formula or letters, else an icon."""
        return SIGNS.get(subject) or glyph(subject_icon(subject))

    def font(self, subject: str) -> str:
        """Return the font that has the sign."""
        return "Roboto" if subject in SIGNS else font_path()


kv.load(__file__)
