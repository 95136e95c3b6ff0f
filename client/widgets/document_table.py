"""A table in a lesson's text."""

from __future__ import annotations

from typing import Any, List, Sequence

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp, sp
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.widgets.formula import MEASURE, SMALLEST_SP, RichText
from client.widgets.paragraph_layout import Style, natural_width
from content.documents.document import Spans, Table

_PAD_DP = 8


def column_widths(natural: Sequence[float], width: float) -> List[float]:
    """Share a width among columns: each its own if all fit, else shrunk from the widest down."""
    if not natural:
        return []
    if sum(natural) <= width:
        spare = (width - sum(natural)) / len(natural)
        return [one + spare for one in natural]
    widths, room = [0.0] * len(natural), width
    order = sorted(range(len(natural)), key=lambda column: natural[column])
    for done, column in enumerate(order):
        widths[column] = min(natural[column], room / (len(order) - done))
        room -= widths[column]
    return widths


class TableBlock(Widget):
    """Cells that wrap, a header on a tint, hairlines between rows."""

    def __init__(self, table: Table, size: float, **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, **kwargs)
        self._size = size
        self._cells = [self._row(table.header, table.align, bold=True)] if table.header else []
        self._header_rows = len(self._cells)
        self._cells += [self._row(row, table.align, bold=False) for row in table.rows]
        self._natural = self._natural_widths()
        self.bind(pos=self._place, width=self._place)
        self._place()

    def _row(self, cells: Sequence[Spans], align: Sequence[str], *, bold: bool) -> List[RichText]:
        row = []
        for index, spans in enumerate(cells):
            side = align[index] if index < len(align) else "left"
            cell = RichText(
                spans=spans, bold=bold, align=side, font_size=self._size, size_hint=(None, None)
            )
            row.append(cell)
            self.add_widget(cell)
        return row

    def _natural_widths(self) -> List[float]:
        count = max((len(row) for row in self._cells), default=0)
        widths = [dp(24)] * count
        for row in self._cells:
            for column, cell in enumerate(row):
                style = Style(self._size, sp(SMALLEST_SP), cell.bold)
                words = natural_width(cell.spans, MEASURE, style) + 2 * dp(_PAD_DP) + 1
                widths[column] = max(widths[column], words)
        return widths

    def _place(self, *_: Any) -> None:
        pad = dp(_PAD_DP)
        widths = column_widths(self._natural, self.width)
        heights = []
        for row in self._cells:
            for cell, width in zip(row, widths):
                cell.width = max(1.0, width - 2 * pad)
            heights.append(max((cell.height for cell in row), default=0) + 2 * pad)
        self.height = sum(heights)
        y = self.top
        self.canvas.before.clear()
        for index, (row, height) in enumerate(zip(self._cells, heights)):
            self._ground(index, y, height)
            x = self.x
            for cell, width in zip(row, widths):
                cell.pos = (round(x + pad), round(y - pad - cell.height))
                x += width
            y -= height

    def _ground(self, index: int, top: float, height: float) -> None:
        with self.canvas.before:
            Color(*(palette.stone_tint if index < self._header_rows else palette.surface))
            Rectangle(pos=(self.x, round(top - height)), size=(self.width, round(height)))
            Color(*palette.line)
            Rectangle(pos=(self.x, round(top - height)), size=(self.width, max(1, dp(1))))
