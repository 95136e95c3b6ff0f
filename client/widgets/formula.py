"""A formula on a line of its own, and rich text: words with formulas among them."""

from __future__ import annotations

from typing import Any, Sequence, Tuple

from kivy.clock import Clock
from kivy.metrics import sp
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.theme.tokens import BODY_SP
from client.widgets.formula_boxes import EMPTY, Box
from client.widgets.formula_ink import FontMeasure, ink_group
from client.widgets.formula_layout import lay_out
from client.widgets.paragraph_layout import Style, lay_out_paragraph
from content.documents.document import Span
from content.documents.formula import Row, Words, parse_formula
from content.errors import FormulaError

MEASURE = FontMeasure()
SMALLEST_SP = 11
"""Exponents are not set smaller than this: old panels lose them."""
_SMALLEST_SHRUNK = 0.62


class Inked(Widget):
    """A widget that shows one box, as high as the box; laid out anew when its width changes."""

    color = ColorProperty(palette.ink)
    font_size = NumericProperty(sp(BODY_SP))
    drawn = BooleanProperty(True)
    """False frees what it draws with; its place stays."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("size_hint_y", None)
        self._box: Box = EMPTY
        self._laid_out_for = -1.0
        self._group: Any = None
        super().__init__(**kwargs)
        self._redraw = Clock.create_trigger(self._draw, -1)
        self.bind(width=self._width_changed, pos=self._redraw, height=self._redraw)
        self.bind(color=self._redraw, drawn=self._redraw, font_size=self._again)
        self._again()

    @property
    def box(self) -> Box:
        """What is shown."""
        return self._box

    def lay_out_for(self, width: float) -> Box:
        """The box at a width in pixels."""
        raise NotImplementedError

    def _again(self, *_: Any) -> None:
        self._laid_out_for = -1.0
        if self.parent is None and self.size_hint_x is not None:
            # Its parent is about to say how wide it is: breaking lines twice would be waste.
            Clock.schedule_once(self._width_changed, 0)
        else:
            self._width_changed()

    def _width_changed(self, *_: Any) -> None:
        if self.width == self._laid_out_for:
            return
        self._laid_out_for = self.width
        self._box = self.lay_out_for(self.width)
        self.height = round(self._box.height)
        self._redraw()

    def origin(self) -> Tuple[float, float]:
        """Where the left end of the baseline stands."""
        return self.x, self.top - self._box.ascent

    def _draw(self, *_: Any) -> None:
        if self._group is not None:
            self.canvas.remove(self._group)
            self._group = None
        if not self.drawn:
            return
        self._group = ink_group(self._box, self.origin(), self.color)
        self.canvas.add(self._group)


class RichText(Inked):
    """A paragraph of spans that wraps at its width.

    With `hug` it is as wide as its text, up to `most_width` pixels.
    """

    spans = ObjectProperty(())
    bold = BooleanProperty(False)
    align = OptionProperty("left", options=["left", "center", "right"])
    hug = BooleanProperty(False)
    most_width = NumericProperty(1e6)

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.get("hug"):
            kwargs.setdefault("size_hint_x", None)
        super().__init__(**kwargs)
        again = self._again
        self.bind(spans=again, bold=again, align=again, hug=again, most_width=again)

    def lay_out_for(self, width: float) -> Box:
        """Break the spans into lines."""
        spans: Sequence[Span] = self.spans
        align = "left" if self.hug else self.align
        style = Style(self.font_size, sp(SMALLEST_SP), self.bold, align)
        room = self.most_width if self.hug else width
        box = lay_out_paragraph(spans, MEASURE, style, max(room, self.font_size))
        if self.hug:
            self.width = self._laid_out_for = round(box.width) + 1
        return box


class Formula(Inked):
    """One formula, in the middle of its line unless `align` is "left".

    When the line is too narrow it is set smaller, down to about 60 %; below that `box.width`
    is larger than the widget, and whoever shows it lets it scroll (see `document.FormulaLine`).
    """

    latex = StringProperty("")
    align = OptionProperty("center", options=["left", "center"])
    display = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(latex=self._again, align=self._again, display=self._again)

    def lay_out_for(self, width: float) -> Box:
        """Set the formula, smaller when it does not fit."""
        box = self._set(1.0)
        if box.width > width > 1:
            box = self._set(max(_SMALLEST_SHRUNK, 0.98 * width / box.width))
        return box

    def _set(self, scale: float) -> Box:
        try:
            tree = parse_formula(self.latex)
        except FormulaError:
            tree = Row((Words(self.latex),))
        smallest = sp(SMALLEST_SP) * scale
        size = self.font_size * scale
        return lay_out(tree, MEASURE, size, display=self.display, smallest=smallest)

    def origin(self) -> Tuple[float, float]:
        """In the middle, unless it is wider than the widget."""
        left, baseline = super().origin()
        free = max(0.0, self.width - self._box.width)
        return left + (free / 2 if self.align == "center" else 0.0), baseline
