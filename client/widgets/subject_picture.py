"""A lesson's picture when nobody drew one: its subject's sign on the colour of the sky."""

from __future__ import annotations

from typing import Any, Mapping

from kivy.graphics import Color, RoundedRectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from client.theme.icons import font_path, glyph
from client.theme.tokens import RADIUS_DP
from client.widgets import kv

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
    """The sign of ``subject`` on a gradient; ``corners`` as RoundedRectangle's radius."""

    subject = StringProperty("")
    corners = ListProperty([dp(RADIUS_DP)])
    sign_size = NumericProperty(dp(28))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._ground = RoundedRectangle(texture=gradient(), radius=self.corners)
        self.bind(pos=self._redraw, size=self._redraw, corners=self._redraw)

    def _redraw(self, *_: Any) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        self._ground.radius = self.corners

    def sign(self, subject: str) -> str:
        """Return what to show: a formula or letters, else an icon."""
        return SIGNS.get(subject) or glyph(subject_icon(subject))

    def font(self, subject: str) -> str:
        """Return the font that has the sign."""
        return "Roboto" if subject in SIGNS else font_path()


kv.load(__file__)
