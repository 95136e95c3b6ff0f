"""Equal columns that become fewer as the window gets narrower."""

from __future__ import annotations

from typing import Any, List

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.layout import Layout

from client.theme.tokens import SPACE_DP


class Tiles(Layout):
    """Children in rows of equal columns; the cards of a row are as high as its highest.

    Children must have a ``minimum_height`` (Column, Card, PressCard). ``min_width`` and
    ``max_width`` bound a column, in pixels; ``max_width`` 0 lets columns fill the row. With
    ``centred`` rows stand in the middle.
    """

    min_width = NumericProperty(dp(220))
    max_width = NumericProperty(0)
    max_columns = NumericProperty(3)
    gap = NumericProperty(dp(SPACE_DP["m"]))
    centred = BooleanProperty(False)
    equal = BooleanProperty(False)
    """All rows as high as the highest."""

    def __init__(self, **kwargs: Any) -> None:
        self._trigger = Clock.create_trigger(self._place, -1)
        super().__init__(size_hint_y=None, **kwargs)
        for watched in ("pos", "size", "children", "min_width", "max_columns"):
            self.fbind(watched, self._trigger)

    def add_widget(self, widget: Any, *args: Any, **kwargs: Any) -> None:
        """Add a child and follow its height."""
        widget.fbind("minimum_height", self._trigger)
        super().add_widget(widget, *args, **kwargs)

    def do_layout(self, *_: Any) -> None:
        """Place the children before the next frame."""
        self._trigger()

    def columns(self) -> int:
        """Return how many columns fit, at least one and not more than there are children."""
        fit = int((self.width + self.gap) // (self.min_width + self.gap))
        return max(1, min(fit, int(self.max_columns), len(self.children)))

    def _place(self, *_: Any) -> None:
        children: List[Any] = list(reversed(self.children))
        if not children:
            self.height = 0
            return
        count = self.columns()
        width = (self.width - (count - 1) * self.gap) / count
        if self.max_width:
            width = min(width, self.max_width)
        rows = [children[at : at + count] for at in range(0, len(children), count)]
        for child in children:
            child.width = width
        heights = [max(child.minimum_height for child in row) for row in rows]
        if self.equal:
            heights = [max(heights)] * len(heights)
        self.height = sum(heights) + (len(rows) - 1) * self.gap
        top = self.top
        for row, height in zip(rows, heights):
            taken = len(row) * width + (len(row) - 1) * self.gap
            left = self.center_x - taken / 2 if self.centred else self.x
            for column, child in enumerate(row):
                child.height = height
                child.pos = (left + column * (width + self.gap), top - height)
            top -= height + self.gap
