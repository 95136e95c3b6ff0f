"""The places of the programme: a rail at the left when wide, a bar at the bottom when narrow."""

from __future__ import annotations

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from client.widgets import kv
from client.widgets.card import Column
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable


class PlaceButton(Plate, Pressable, Column):
    """One place: an icon and a word. ``lit`` is where we are: tinted, and the word is bold."""

    text = StringProperty("")
    icon = StringProperty("")
    lit = BooleanProperty(False)


class Rail(BoxLayout):
    """A column at the left with a hairline to its right."""


class BottomBar(BoxLayout):
    """A row at the bottom with a hairline above it."""


kv.load(__file__)
