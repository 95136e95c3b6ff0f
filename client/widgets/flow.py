"""Children in a line that goes on below when it is full, like words."""

from __future__ import annotations

from typing import Any, Iterator, List

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.layout import Layout


class Flow(Layout):
    """Children keep their own sizes; the layout is as high as its lines.

    A child with a true ``whole_line`` is as wide as the layout.
    """

    gap = NumericProperty(dp(4))
    centred = BooleanProperty(False)
    """Whether what is lower than its line stands in the middle of it, or hangs from its top."""

    def __init__(self, **kwargs: Any) -> None:
        self._trigger = Clock.create_trigger(self._place, -1)
        super().__init__(size_hint_y=None, **kwargs)
        for watched in ("pos", "size", "children", "gap", "centred"):
            self.fbind(watched, self._trigger)

    def add_widget(self, widget: Any, *args: Any, **kwargs: Any) -> None:
        """Add a child and follow its size."""
        widget.fbind("size", self._trigger)
        super().add_widget(widget, *args, **kwargs)

    def do_layout(self, *_: Any) -> None:
        """Place the children before the next frame."""
        self._trigger()

    def _place(self, *_: Any) -> None:
        below = 0.0
        places = []
        for line in self._lines():
            at, line_height = 0.0, max(child.height for child in line)
            for child in line:
                spare = (line_height - child.height) / 2 if self.centred else 0.0
                places.append((child, at, below + spare))
                at += child.width + self.gap
            below += line_height + self.gap
        self.height = max(0.0, below - self.gap)
        for child, left, down in places:
            child.pos = (round(self.x + left), round(self.top - down - child.height))

    def _lines(self) -> Iterator[List[Any]]:
        line: List[Any] = []
        at = 0.0
        for child in reversed(self.children):
            if getattr(child, "whole_line", False):
                child.width = self.width
            if line and at + child.width > self.width:
                yield line
                line, at = [], 0.0
            line.append(child)
            at += child.width + self.gap
        if line:
            yield line
