"""A strip: one sentence over the foot of every screen, about what is wrong just now."""

from __future__ import annotations

from kivy.properties import StringProperty
from kivy.uix.boxlayout import BoxLayout

from client.widgets import kv
from client.widgets.plate import Plate


class Strip(Plate, BoxLayout):
    """``text`` on the colour of warnings, as wide as the window, as tall as its words."""

    text = StringProperty("")


kv.load(__file__)
