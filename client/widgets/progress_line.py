"""How far: a thin line, filled from the left."""

from __future__ import annotations

from typing import Any

from kivy.properties import BoundedNumericProperty, OptionProperty
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.widgets import kv
from client.widgets.plate import Patch


class ProgressLine(Widget):
    """``value`` from 0 to 1 on a line of 8 dp."""

    value = BoundedNumericProperty(
        0.0, min=0.0, max=1.0, errorhandler=lambda v: 1.0 if v > 1 else 0.0
    )
    tint = OptionProperty("sky", options=["sky", "sun", "green"])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._ground = Patch(self.canvas)
        self._done = Patch(self.canvas)
        self.bind(pos=self._redraw, size=self._redraw, value=self._redraw, tint=self._redraw)
        self._redraw()

    def _redraw(self, *_: Any) -> None:
        radius = self.height / 2
        self._ground.draw((self.x, self.y, self.width, self.height), radius, 0, palette.track)
        done = max(self.height, self.width * self.value) if self.value > 0 else 0
        box = (self.x, self.y, done, self.height)
        self._done.draw(box, radius, 0, palette.named(self.tint))


kv.load(__file__)
