"""The places of the programme: a rail at the left when wide, a bar at the bottom when narrow."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from client.theme.tokens import TINY_SP
from client.widgets import kv
from client.widgets.card import Column
from client.widgets.measure import fitting_size
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable


class PlaceButton(Plate, Pressable, Column):
    """One place: an icon and a word. ``lit`` is where we are: tinted, and the word is bold."""

    text = StringProperty("")
    icon = StringProperty("")
    lit = BooleanProperty(False)
    font_size = NumericProperty(12)


class Rail(BoxLayout):
    """A column at the left with a hairline to its right."""


class BottomBar(BoxLayout):
    """A row at the bottom with a hairline above it; its words are all of one size that fits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(width=self._fit, children=self._fit)

    def _fit(self, *_: Any) -> None:
        room = self.width / max(1, len(self.children)) - dp(8)
        size = fitting_size([child.text for child in self.children], sp(TINY_SP), room, bold=True)
        for child in self.children:
            child.font_size = size


kv.load(__file__)
