"""A chip: a few words with an icon on a tint. It tells, it is not pressed."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from client.theme.palette import Rgba, palette
from client.widgets import kv
from client.widgets.measure import text_width
from client.widgets.plate import Plate

TINTS = ("sky", "sun", "green", "rust", "stone", "lilac")


def tint_colours(tint: str) -> Any:
    """Return (ground, text) of a tint: text on sun and stone is ink, else the tint's own colour."""
    ground: Rgba = palette.named(tint + "_tint")
    return ground, palette.ink if tint in ("sun", "stone") else palette.named(tint)


class Chip(Plate, BoxLayout):
    """``text`` and an ``icon`` (our name, may be empty) on one of six tints; as wide as needed.

    Never say something by the tint alone: the words or the icon must say it too.
    """

    text = StringProperty("")
    icon = StringProperty("")
    tint = OptionProperty("sky", options=list(TINTS))
    bold = BooleanProperty(False)
    room = NumericProperty(0)
    """The widest it may be, in pixels; beyond that its words wrap. 0: no limit."""

    def words_width(self, text: str, room: float) -> float:
        """Return the width for the words: their own, or what ``room`` leaves."""
        own = text_width(text, sp(13), self.bold) + 2
        left = room - 2 * dp(12) - (sp(16) + dp(6) if self.icon else 0)
        return min(own, left) if room else own

    def colours(self, tint: str) -> Any:
        """Return (ground, text) of ``tint``."""
        return tint_colours(tint)


kv.load(__file__)
