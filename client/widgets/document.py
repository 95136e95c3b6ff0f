"""A lesson's text on the screen: Markdown blocks as widgets.

Long texts are built a few blocks a frame, and only what is near the visible part holds
textures, so that a long lesson opens and scrolls on an old machine.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple, Type

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.metrics import dp, sp
from kivy.properties import NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.theme.tokens import BODY_SP
from client.widgets.card import Card, Column
from client.widgets.document_picture import PictureBlock
from client.widgets.document_table import TableBlock
from client.widgets.formula import Formula, Inked, RichText
from content.documents.document import (
    Block,
    Code,
    FormulaBlock,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Span,
    Table,
)
from content.errors import PathError
from content.paths import check_path

_HEADING_SCALES = {1: 1.45, 2: 1.25, 3: 1.1}
_FIRST_BLOCKS = 8
_FRAME_BUDGET_S = 0.012
"""Building stops for this frame after so long; thirty frames a second stay smooth."""


class FormulaLine(ScrollView):
    """A formula on its own; one that is too wide even when set smaller scrolls sideways."""

    def __init__(self, latex: str, font_size: float, **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, do_scroll_y=False, bar_width=dp(3), **kwargs)
        self.formula = Formula(latex=latex, font_size=font_size, size_hint_x=None)
        self.add_widget(self.formula)
        self.bind(width=self._fit)
        self.formula.bind(height=self._fit)
        self._fit()

    def _fit(self, *_: Any) -> None:
        self.formula.width = self.width
        wider = self.formula.box.width > self.width
        if wider:
            self.formula.width = self.formula.box.width
        self.do_scroll_x = wider
        self.height = self.formula.height + (dp(6) if wider else 0)

    def on_touch_down(self, touch: Any) -> Any:
        """Leave touches to the page unless there is something to scroll."""
        return super().on_touch_down(touch) if self.do_scroll_x else False


class Bar(Widget):
    """A line across, or down the side of a quote."""

    def __init__(self, token: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            Color(*palette.named(token))
            self._line = Rectangle(pos=self.pos, size=self.size)
        self.bind(pos=self._move, size=self._move)

    def _move(self, *_: Any) -> None:
        self._line.pos, self._line.size = self.pos, self.size


class Document(Column):
    """Blocks one under another, as wide as given and as high as they need.

    Args:
        blocks: from `content.documents.document.parse_document`.
        folder: what the paths of pictures are relative to.
        scroller: the scroll view it lies in, if any; with it only what is near is drawn.
    """

    font_size = NumericProperty(sp(BODY_SP))
    formula_scale = NumericProperty(1.25)
    """How much larger than the text a formula on its own is."""

    def __init__(
        self,
        blocks: Sequence[Block],
        folder: Optional[Path] = None,
        scroller: Optional[ScrollView] = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("spacing", dp(12))
        super().__init__(**kwargs)
        self._folder = folder
        self._scroller = scroller
        self._waiting: List[Block] = list(blocks)
        self._leaves: List[Inked] = []
        self._cull = Clock.create_trigger(self._draw_what_is_near, 0)
        self._build_some(_FIRST_BLOCKS)
        if scroller is not None:
            scroller.bind(scroll_y=self._cull, size=self._cull)
            self.bind(pos=self._cull, size=self._cull)

    @property
    def complete(self) -> bool:
        """Whether all blocks are built."""
        return not self._waiting

    def _build_some(self, at_least: int = 1) -> None:
        """Build some blocks now and the others in the frames that follow."""
        stop_at_s = time.perf_counter() + _FRAME_BUDGET_S
        while self._waiting and (at_least > 0 or time.perf_counter() < stop_at_s):
            widget = self._widget(self._waiting.pop(0), self.font_size)
            self.add_widget(widget)
            if self._scroller is not None:
                self._leaves.extend(_inked(widget))
            at_least -= 1
        if self._waiting:
            Clock.schedule_once(lambda _: self._build_some(), 0)

    def _draw_what_is_near(self, *_: Any) -> None:
        scroller = self._scroller
        if scroller is None or not scroller.children:
            return
        content = scroller.children[0]
        hidden = max(0.0, content.height - scroller.height)
        bottom = content.y + hidden * scroller.scroll_y if content.parent is scroller else 0.0
        low, high = bottom - scroller.height, bottom + 2 * scroller.height
        for leaf in self._leaves:
            # A formula's own position counts inside of the line that scrolls it.
            place = leaf.parent if isinstance(leaf.parent, FormulaLine) else leaf
            leaf.drawn = place.top >= low and place.y <= high

    def _widget(self, block: Block, size: float) -> Widget:
        return _BUILDERS[type(block)](self, block, size)

    def _heading(self, block: Heading, size: float) -> Widget:
        scale = _HEADING_SCALES.get(block.level, 1.0)
        return RichText(spans=block.spans, bold=True, font_size=size * scale)

    def _paragraph(self, block: Paragraph, size: float) -> Widget:
        return RichText(spans=block.spans, font_size=size)

    def _list(self, block: ListBlock, size: float) -> Widget:
        column = Column(spacing=dp(6))
        for index, blocks in enumerate(block.items):
            sign = f"{block.start + index}." if block.ordered else "•"
            column.add_widget(self._list_item(sign, blocks, size))
        return column

    def _list_item(self, sign: str, blocks: Sequence[Block], size: float) -> Widget:
        row = BoxLayout(size_hint_y=None, spacing=dp(4))
        mark = RichText(spans=(Span(sign),), font_size=size, size_hint_x=None, width=size * 1.5)
        mark.color = palette.sky
        mark.pos_hint = {"top": 1}
        inside = Column(spacing=dp(6), pos_hint={"top": 1})
        for block in blocks:
            inside.add_widget(self._widget(block, size))
        row.add_widget(mark)
        row.add_widget(inside)
        _as_high_as(row, inside)
        return row

    def _picture(self, block: Picture, size: float) -> Widget:
        return PictureBlock(_beside(self._folder, block.path), block.alt, size)

    def _formula(self, block: FormulaBlock, size: float) -> Widget:
        space = dp(12) * max(1.0, self.formula_scale / 1.25)
        card = Card(padding=(dp(12), space))
        card.fill, card.outline = palette.stone_tint, palette.named("clear")
        card.add_widget(FormulaLine(block.latex, size * self.formula_scale))
        return card

    def _quote(self, block: Quote, size: float) -> Widget:
        row = Card(orientation="horizontal", padding=(dp(12), dp(12)), spacing=dp(12))
        row.fill, row.outline = palette.sky_tint, palette.named("clear")
        inside = Column(spacing=dp(8))
        for one in block.blocks:
            inside.add_widget(self._widget(one, size))
        row.add_widget(Bar("sky", size_hint_x=None, width=dp(4)))
        row.add_widget(inside)
        return row

    def _table(self, block: Table, size: float) -> Widget:
        return TableBlock(block, size)

    def _code(self, block: Code, size: float) -> Widget:
        return RichText(spans=(Span(block.text.rstrip("\n"), code=True),), font_size=size * 0.95)

    def _rule(self, block: Rule, size: float) -> Widget:  # noqa: ARG002
        return Bar("line", size_hint_y=None, height=dp(1))


def _as_high_as(row: Widget, inside: Widget) -> None:
    def follow(*_: Any) -> None:
        row.height = inside.height

    inside.bind(height=follow)
    follow()


def _inked(widget: Widget) -> Iterator[Inked]:
    if isinstance(widget, Inked):
        yield widget
    for child in widget.children:
        yield from _inked(child)


_Builder = Callable[[Document, Any, float], Widget]
_BUILDERS: Dict[Type[object], _Builder] = {
    Heading: Document._heading,
    Paragraph: Document._paragraph,
    ListBlock: Document._list,
    Picture: Document._picture,
    FormulaBlock: Document._formula,
    Quote: Document._quote,
    Table: Document._table,
    Code: Document._code,
    Rule: Document._rule,
}


def spans_of(blocks: Sequence[Block]) -> Tuple[Span, ...]:
    """The words of short Markdown on one line: an answer to choose, a hint."""
    spans: List[Span] = []
    for block in blocks:
        if spans:
            spans.append(Span("\n"))
        if isinstance(block, (Paragraph, Heading)):
            spans.extend(block.spans)
        elif isinstance(block, FormulaBlock):
            spans.append(Span(block.latex, formula=True))
    return tuple(spans)


def _beside(folder: Optional[Path], path: str) -> Optional[Path]:
    """A picture in the lesson's folder; None for a path that leads anywhere else."""
    try:
        return folder / check_path(path) if folder else None
    except PathError:
        return None
