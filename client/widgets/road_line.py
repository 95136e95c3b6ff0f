"""The road: a line of stations; passed ones green with a tick, here yellow, ahead dotted."""

from __future__ import annotations

from typing import Any, List

from kivy.graphics import Color, Line, Rectangle
from kivy.metrics import dp, sp
from kivy.properties import ListProperty, NumericProperty
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.theme.tokens import TINY_SP
from client.widgets import kv
from client.widgets.labels import Tiny
from client.widgets.measure import fitting_size
from client.widgets.plate import Patch


class RoadLine(Widget):
    """Stations by name, evenly spaced.

    ``stations`` holds the words (translated), ``passed`` how many of them lie behind us. The
    next one is where the thing is now or is awaited; when all are passed, the road is done.
    """

    stations = ListProperty()
    passed = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._names: List[Tiny] = []
        self.bind(stations=self._rebuild, passed=self._rebuild, pos=self._place, size=self._place)
        self._rebuild()

    def state(self, index: int) -> str:
        """Return ``passed``, ``here`` or ``ahead`` for a station."""
        if index < self.passed:
            return "passed"
        return "here" if index == self.passed else "ahead"

    def _rebuild(self, *_: Any) -> None:
        self.clear_widgets()
        self._names = []
        for index, text in enumerate(self.stations):
            here = self.state(index) == "here"
            color = palette.ink if here else palette.muted
            name = Tiny(text=text, halign="center", size_hint_x=None, bold=here, color=color)
            name.bind(texture_size=self._place)
            self._names.append(name)
            self.add_widget(name)
        self._place()

    def _place(self, *_: Any) -> None:
        count = len(self._names)
        if not count:
            return
        inset = min(self.width / (2 * count), sp(46))
        step = (self.width - 2 * inset) / max(1, count - 1)
        width = max(dp(8), min(step - dp(4), 2 * inset))
        size = fitting_size(self.stations, sp(TINY_SP), width, bold=True)
        for name in self._names:
            name.font_size = size
            name.width = width
            name.text_size = (width, None)
        dot = sp(18)
        below = max(name.texture_size[1] for name in self._names)
        self.height = dot + dp(4) + below
        middle = self.top - dot / 2
        centres = [self.x + inset + step * index for index in range(count)]
        for name, centre in zip(self._names, centres):
            name.pos = (
                round(centre - name.width / 2),
                round(middle - dot / 2 - dp(4) - name.height),
            )
        self._draw(centres, middle, dot)

    def _draw(self, centres: List[float], middle: float, dot: float) -> None:
        self.canvas.before.clear()
        for index, (start, end) in enumerate(zip(centres, centres[1:])):
            self._stretch(index, start + dot / 2 + dp(6), end - dot / 2 - dp(6), middle)
        for index, centre in enumerate(centres):
            self._station(self.state(index), centre, middle, dot)

    def _stretch(self, index: int, start: float, end: float, middle: float) -> None:
        """Draw the line from station ``index`` to the next."""
        start, end, middle, thick = round(start), round(end), round(middle), max(1, round(dp(2)))
        with self.canvas.before:
            if index + 1 < self.passed:
                Color(*palette.green)
                Rectangle(pos=(start, middle - thick / 2), size=(end - start, thick))
                return
            Color(*palette.dots)
            dash = dp(6)
            at = start
            while at < end:
                length = min(dash, end - at)
                Rectangle(pos=(at, middle - thick / 2), size=(length, thick))
                at += 2 * dash

    def _station(self, state: str, centre: float, middle: float, dot: float) -> None:
        box = (centre - dot / 2, middle - dot / 2, dot, dot)
        fills = {"passed": palette.green, "here": palette.sun, "ahead": palette.surface}
        Patch(self.canvas.before).draw(box, dot / 2, 0, fills[state])
        if state == "ahead":
            Patch(self.canvas.before).draw(box, dot / 2, dp(2), palette.dots)
        if state == "passed":
            self._tick(box)

    def _tick(self, box: Any) -> None:
        x, y, side = box[0], box[1], box[2]
        points = [0.28, 0.52, 0.44, 0.36, 0.74, 0.66]
        with self.canvas.before:
            Color(*palette.surface)
            at = [(x if i % 2 == 0 else y) + side * point for i, point in enumerate(points)]
            Line(points=at, width=dp(1.1))


kv.load(__file__)
