"""A person's picture: an icon on a tinted disc, or the first letter of the name."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from client.theme.icons import font_path, glyph
from client.theme.palette import palette
from client.theme.pictures import PICTURES, tint_of
from client.widgets import kv
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable


class Avatar(Plate, AnchorLayout):
    """``picture`` of a person called ``name``, ``side`` pixels wide; round without ``corner``."""

    picture = StringProperty("")
    name = StringProperty("")
    side = NumericProperty(dp(48))
    corner = NumericProperty(0)

    def symbol(self, picture: str, name: str) -> str:
        """Return the character to show."""
        if picture in PICTURES:
            return glyph(PICTURES[picture][0])
        return name.strip()[:1].upper()

    def font(self, picture: str) -> str:
        """Return the font that has the character."""
        return font_path() if picture in PICTURES else "Roboto"

    def ground(self, picture: str, name: str) -> Any:
        """Return the colour of the disc."""
        return palette.named(tint_of(picture, name) + "_tint")


class AvatarButton(Pressable, Avatar):
    """A picture that can be pressed: lets somebody else sit down."""


kv.load(__file__)
