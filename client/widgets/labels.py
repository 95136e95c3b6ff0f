"""Text: it wraps, is never cut, and is as high as it needs.

Title, Heading, Strong, Body, Muted, Small and Tiny fill the width they are given and wrap. With
``hug=True`` a label is as wide as its text instead. Icon shows one glyph of the icon font.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.label import Label

from client.theme.icons import font_path, glyph
from client.widgets import kv


class Text(Label):
    """A label that wraps at its width and grows in height."""

    hug = BooleanProperty(False)
    """As wide as the text, on one line."""


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
