"""Children in a line that goes on below when it is full, like words."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import NumericProperty
from kivy.uix.layout import Layout


class Flow(Layout):
    """Children keep their own sizes; the layout is as high as its lines."""

    gap = NumericProperty(dp(4))

    def __init__(self, **kwargs: Any) -> None:
        self._trigger = Clock.create_trigger(self._place, -1)
        super().__init__(size_hint_y=None, **kwargs)
        for watched in ("pos", "size", "children", "gap"):
            self.fbind(watched, self._trigger)

    def add_widget(self, widget: Any, *args: Any, **kwargs: Any) -> None:
        """Add a child and follow its size."""
        widget.fbind("size", self._trigger)
        super().add_widget(widget, *args, **kwargs)

    def do_layout(self, *_: Any) -> None:
        """Place the children before the next frame."""
        self._trigger()

    def _place(self, *_: Any) -> None:
        at, line_height, below = 0.0, 0.0, 0.0
        places = []
        for child in reversed(self.children):
            if at and at + child.width > self.width:
                at, below, line_height = 0.0, below + line_height + self.gap, 0.0
            places.append((child, at, below))
            at += child.width + self.gap
            line_height = max(line_height, child.height)
        self.height = below + line_height
        for child, left, down in places:
            child.pos = (self.x + left, self.top - down - child.height)
