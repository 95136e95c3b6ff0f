"""A table with cells to fill."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence, Union

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, DictProperty
from kivy.uix.layout import Layout
from kivy.uix.scrollview import ScrollView

from client.theme.palette import palette
from client.widgets.blank_field import BlankLook, blank_field, show_in_blank
from client.widgets.card import Column
from client.widgets.formula import RichText
from client.widgets.picker import Picker
from content.documents.document import Spans

_PAD_DP = 8
_NARROWEST_DP, _HEAD_DP, _PICKER_DP = 112, 96, 150

Cell = Union[Spans, BlankLook]


class Grid(Layout):
    """Rows of cells of equal widths on a ground, as wide as it must be and as high as needed."""

    def __init__(self, rows: Sequence[Sequence[Any]], headed: bool, **kwargs: Any) -> None:
        super().__init__(size_hint=(None, None), **kwargs)
        self._rows, self._headed = rows, headed
        self._trigger = Clock.create_trigger(self._place, -1)
        for row in rows:
            for cell in row:
                cell.fbind("height", self._trigger)
                self.add_widget(cell)
        self.bind(pos=self._trigger, width=self._trigger)
        self._trigger()

    @property
    def narrowest(self) -> float:
        """The width below which cells would be cut."""
        columns = len(self._rows[0])
        widest = _PICKER_DP if any(isinstance(one, Picker) for one in self.children) else 0
        width = max(_NARROWEST_DP, widest) + 2 * _PAD_DP
        return dp(_HEAD_DP * self._headed + width * (columns - self._headed))

    def do_layout(self, *_: Any) -> None:
        """Place the cells before the next frame."""
        self._trigger()

    def _place(self, *_: Any) -> None:
        pad = dp(_PAD_DP)
        columns = len(self._rows[0])
        head = self.width / columns if not self._headed else max(dp(_HEAD_DP), self.width * 0.2)
        rest = (self.width - head) / max(1, columns - 1)
        widths = [head] + [rest] * (columns - 1)
        heights = []
        for row in self._rows:
            for cell, width in zip(row, widths):
                cell.width = max(1.0, width - 2 * pad)
            heights.append(max(cell.height for cell in row) + 2 * pad)
        self.height = sum(heights)
        self.canvas.before.clear()
        top = self.top
        for index, (row, height) in enumerate(zip(self._rows, heights)):
            self._ground(index, top, height)
            x = self.x
            for cell, width in zip(row, widths):
                cell.pos = (round(x + pad), round(top - height / 2 - cell.height / 2))
                x += width
            top -= height

    def _ground(self, index: int, top: float, height: float) -> None:
        with self.canvas.before:
            Color(*(palette.stone_tint if index == 0 else palette.surface))
            Rectangle(pos=(self.x, round(top - height)), size=(self.width, round(height)))
            Color(*palette.line)
            Rectangle(pos=(self.x, round(top - height)), size=(self.width, max(1, dp(1))))


class Sideways(ScrollView):
    """Scrolls sideways what is wider than the page, and leaves every other touch to the page."""

    reveals_focus = BooleanProperty(True)

    def __init__(self, grid: Grid, **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, do_scroll_y=False, bar_width=dp(4), **kwargs)
        self.bar_color, self.bar_inactive_color = palette.dots, palette.dots
        self.effect_cls, self.scroll_type = "ScrollEffect", ["bars", "content"]
        self._grid = grid
        self.add_widget(grid)
        self.bind(width=self._fit)
        grid.bind(height=self._fit)

    def _fit(self, *_: Any) -> None:
        wider = self._grid.narrowest > self.width
        self._grid.width = max(self.width, self._grid.narrowest)
        self.do_scroll_x = wider
        self.height = self._grid.height + (dp(8) if wider else 0)


class TableAnswer(Column):
    """The table; dispatches `on_write` with a cell and what is answered in it.

    Args:
        heads: the words of the first row.
        rows: the cells of the others, as many each.
        headed: whether the first column names the rows.
    """

    said = DictProperty()
    __events__ = ("on_write",)

    def __init__(
        self, heads: Sequence[Spans], rows: Sequence[Sequence[Cell]], *, headed: bool, **kwargs: Any
    ) -> None:
        super().__init__(spacing=dp(10), **kwargs)
        self._fields: Dict[str, Any] = {}
        cells: List[List[Any]] = [[_words(spans, bold=True) for spans in heads]]
        cells += [
            [self._cell(cell, bold=headed and place == 0) for place, cell in enumerate(row)]
            for row in rows
        ]
        table = Sideways(Grid(cells, headed))
        self.add_widget(table)
        for field in self._fields.values():
            field.anchor = table
        self.bind(said=lambda *_: self.show_verdicts({}))
        self.show_verdicts({})

    def show_verdicts(self, parts: Mapping[str, bool]) -> None:
        """Show the answers, those in ``parts`` as right or wrong."""
        for name, field in self._fields.items():
            show_in_blank(field, self.said.get(name, ""), parts.get(name))

    def _cell(self, cell: Cell, *, bold: bool) -> Any:
        if isinstance(cell, BlankLook):
            self._fields[cell.id] = blank_field(cell, self._write)
            return self._fields[cell.id]
        return _words(cell, bold=bold)

    def _write(self, name: str, text: str) -> None:
        if text != self.said.get(name, ""):
            self.dispatch("on_write", name, text)

    def on_write(self, name: str, text: str) -> None:
        """A cell's answer changed."""


def _words(spans: Spans, *, bold: bool) -> RichText:
    return RichText(spans=spans, bold=bold, font_size=sp(17), size_hint=(None, None))
