"""Text: it wraps, is never cut, and is as high as it needs.

Title, Heading, Strong, Body, Muted, Small and Tiny fill the width they are given and wrap. With
``hug=True`` a label is as wide as its text instead. Icon shows one glyph of the icon font.
"""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.label import Label

from client.theme.icons import font_path, glyph
from client.widgets import kv
from client.widgets.measure import widest_word

NARROWEST_DP = 24
"""A label narrower than this is not laid out yet."""
SMALLEST_DP = 8


class Text(Label):
    """A label that wraps at its width and grows in height.

    A word wider than the label is never broken: the whole label gets smaller until it fits.
    """

    hug = BooleanProperty(False)
    """As wide as the text, on one line."""

    def __init__(self, **kwargs: Any) -> None:
        self._full_size = 0.0
        self._fitting = False
        super().__init__(**kwargs)
        self._full_size = self.font_size
        if self.hug:
            self.fbind("texture_size", self._hug_text)
            self._hug_text()
        self.fbind("width", self._fit_words)
        self.fbind("text", self._fit_words)
        self.fbind("font_size", self._resized)

    def _hug_text(self, *_: Any) -> None:
        self.width = self.texture_size[0]

    def _resized(self, *_: Any) -> None:
        if not self._fitting:
            self._full_size = self.font_size
            self._fit_words()

    def _fit_words(self, *_: Any) -> None:
        if self.hug or not self.text or self.width < dp(NARROWEST_DP):
            return
        widest = widest_word(self.text, self._full_size, self.bold)
        fitting = self._full_size * min(1.0, (self.width - 1) / widest) if widest else 0
        self._fitting = True
        self.font_size = max(dp(SMALLEST_DP), fitting)
        self._fitting = False


class Title(Text):
    """26 sp, bold: the name of a screen."""


class Heading(Text):
    """18 sp, bold: the name of a card or a part."""


class Strong(Text):
    """16 sp, bold."""


class Body(Text):
    """16 sp."""


class Muted(Text):
    """14 sp in the quieter colour."""


class Small(Text):
    """14 sp in the colour of text."""


class Tiny(Text):
    """12 sp, under an icon."""


class Icon(Label):
    """One icon, by our name of it (see :mod:`client.theme.icons`); square, 24 sp by default."""

    icon = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("font_name", font_path())
        super().__init__(**kwargs)

    def on_icon(self, _: Any, name: str) -> None:
        """Show another glyph."""
        self.text = glyph(name) if name else ""


kv.load(__file__)
