"""Cards: white, a hairline, radius 12, padding 16; as high as their content."""

from __future__ import annotations

from kivy.properties import ColorProperty
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout

from client.theme.palette import palette
from client.widgets import kv
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable


class Column(BoxLayout):
    """Children one under another, as high as they need together."""


class Row(BoxLayout):
    """Children side by side, each centred in height, as high as the highest."""


class Card(Plate, Column):
    """A column on a white plate."""


class PlateColumn(Plate, Column):
    """A column on a rounded ground of the caller's colour, within a card."""


class PlateBox(Plate, AnchorLayout):
    """One thing in the middle of a rounded ground."""


class PressCard(Plate, Pressable, Column):
    """A card that is pressed as a whole; dispatches ``on_release``."""

    rest_fill = ColorProperty(palette.surface)


kv.load(__file__)
