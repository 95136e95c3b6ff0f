"""A class as a table when there is room, as cards when there is not."""

from __future__ import annotations

from typing import Any, Optional

from kivy.core.window import Window
from kivy.graphics import Color, Rectangle, RoundedRectangle
from kivy.metrics import dp, sp
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.stacklayout import StackLayout

from client.screens.class_work.model import Cell, Kind, Line, Model
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.theme.tokens import COLUMN_DP
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Card, Column, Row
from client.widgets.labels import Body, Heading, Icon, Muted, Small, Strong
from client.widgets.page import Page
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable

_NAME_DP, _LAST_DP, _TASK_DP = 190, 150, 92
_TINTS = {Kind.WAITS: "sun", Kind.MARKED: "green", Kind.LOW: "rust"}


class CellButton(Plate, Pressable, AnchorLayout):
    """A mark, or the sign that a work waits for one; a press opens the work."""

    def __init__(self, view: View, cell: Cell) -> None:
        super().__init__(size_hint=(None, None), size=(dp(52), dp(48)), radius=dp(10))
        tint = _TINTS[cell.kind]
        self.fill = palette.named(tint + "_tint")
        if cell.kind is Kind.WAITS:
            self.add_widget(Icon(icon="practice", font_size=sp(20)))
        else:
            points = view.app.messages.number(cell.points)
            self.add_widget(Strong(text=points, color=palette.named(tint), hug=True))
        self.bind(on_release=lambda _: view.app.go("review", work=cell.work))


class TableRow(BoxLayout):
    """A row of the table with a hairline under it; the first has the card's round corners."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, padding=(dp(12), 0), **kwargs)
        round_corner = dp(11)
        with self.canvas.before:
            self._tint = Color(0, 0, 0, 0)
            self._ground = RoundedRectangle(radius=[round_corner, round_corner, 0, 0])
            Color(*palette.line)
            self._line = Rectangle()
        self.bind(pos=self._place, size=self._place)

    def tint(self, color: Any) -> None:
        """Give the row a ground."""
        self._tint.rgba = color

    def _place(self, *_: Any) -> None:
        edge = max(1, dp(1))
        self._ground.pos = self.x + edge, self.y
        self._ground.size = max(0, self.width - 2 * edge), max(0, self.height - edge)
        self._line.pos, self._line.size = self.pos, (self.width, max(1, dp(1)))


class View(ScreenView):
    """The class: who handed in what."""

    model: Model

    def build(self) -> None:
        """Build from the model."""
        model = self.model
        page = Page(title=self._title(), subtitle=self._subtitle(), wide=self.wide)
        sticks = QuietButton(text=self.tr("stick_page.open"), icon="stick", fills=not self.wide)
        sticks.bind(on_release=lambda _: self.app.go("sticks"))
        if self.wide:
            page.add_to_head(sticks)
        if model.unmarked:
            text = self.tr("class.review", n=model.unmarked)
            button = PrimaryButton(text=text, fills=not self.wide)
            button.bind(on_release=lambda _: self.app.open_place("review"))
            if self.wide:
                page.add_to_head(button)
            else:
                page.add(button)
        if not self.wide:
            page.add(sticks)
        if model.laptops:
            page.add(self._laptops())
        if not model.lines:
            page.add(self._nothing("class.nobody"))
        elif not model.tasks:
            page.add(self._nothing("class.no-work"))
        if model.lines and self.wide:
            page.add(self._table())
        elif model.lines:
            page.add(*(self._student(line) for line in model.lines))
        self.add_widget(page)

    def _title(self) -> str:
        name = self.model.class_name
        return name if name else self.tr("class.title")

    def _subtitle(self) -> str:
        model = self.model
        words = [self.tr("class.count", n=len(model.lines))] if model.lines else []
        if model.last_contact is not None:
            words.append(self.tr(model.last_contact))
        if model.silent:
            silent = self.tr("class.silent", n=model.silent)
            names = ", ".join(model.silent_names)
            words.append(f"{silent}: {names}" if names else silent)
        return "\u00a0· ".join(words)

    def _nothing(self, key: str) -> Card:
        card = Card()
        card.add_widget(Body(text=self.tr(key)))
        return card

    def _laptops(self) -> Card:
        """What happened to laptops of the class."""
        card = Card(spacing=dp(8))
        for said in self.model.laptops:
            row = Row(spacing=dp(12))
            row.add_widget(Icon(icon="laptop", color=palette.rust, pos_hint={"top": 1}))
            row.add_widget(Body(text=self.tr(said)))
            card.add_widget(row)
        return card

    def _table(self) -> Card:
        count = len(self.model.tasks)
        shown = self.model.window(self._columns_that_fit())
        card = Card(padding=(0, 0, 0, dp(8)), spacing=0)
        card.add_widget(self._header(shown))
        for line in self.model.lines:
            card.add_widget(self._line(line, shown))
        if len(shown) < count:
            card.add_widget(self._turning(shown, count))
        return card

    def _columns_that_fit(self) -> int:
        """Columns of tasks for which there is room; the rest is a press away."""
        room = min(Window.width - dp(84 + 48), dp(COLUMN_DP - 48)) - dp(_NAME_DP + _LAST_DP + 24)
        return max(1, int(room / dp(_TASK_DP)))

    def _turning(self, shown: range, count: int) -> Row:
        """Earlier and later tasks."""
        row = Row(padding=(dp(12), dp(8), dp(12), 0))
        words = self.tr("class.shown", first=shown.start + 1, last=shown.stop, count=count)
        for icon, key, step in (
            ("back", "class.earlier", -len(shown)),
            ("next", "class.later", len(shown)),
        ):
            button = IconButton(icon=icon, hint=self.tr(key))
            button.bind(on_release=lambda _, step=step: self.model.turn(step))
            row.add_widget(button)
        row.add_widget(Muted(text=words, pos_hint={"center_y": 0.5}))
        return row

    def _header(self, shown: range) -> TableRow:
        row = TableRow(height=max(dp(44), sp(44)))
        row.tint(palette.stone_tint)
        row.add_widget(self._head_cell(self.tr("class.student"), dp(_NAME_DP)))
        for place in shown:
            title = self.choose(self.model.tasks[place].title)
            row.add_widget(self._head_cell(title, None))
        row.add_widget(self._head_cell(self.tr("class.last-work"), dp(_LAST_DP)))
        return row

    def _head_cell(self, text: str, width: Optional[float]) -> Any:
        label = Small(text=text, bold=True, color=palette.muted, font_size=sp(13))
        return _boxed(label, width)

    def _line(self, line: Line, shown: range) -> TableRow:
        row = TableRow(height=max(dp(58), sp(44)))
        row.add_widget(_boxed(Body(text=line.name), dp(_NAME_DP)))
        for place in shown:
            row.add_widget(self._cell(line.cells[place]))
        row.add_widget(_boxed(self._last(line), dp(_LAST_DP)))
        return row

    def _cell(self, cell: Cell) -> Any:
        box = AnchorLayout(anchor_x="left", size_hint_x=1)
        if cell.kind is Kind.NOTHING:
            box.add_widget(Muted(text="–"))
        else:
            box.add_widget(CellButton(self, cell))
        return box

    def _last(self, line: Line) -> Any:
        label = Small if line.silent else Muted
        color = palette.rust if line.silent else palette.muted
        return label(text=self.tr(line.last), color=color, bold=line.silent)

    def _student(self, line: Line) -> Card:
        card = Card(spacing=dp(8))
        card.add_widget(Heading(text=line.name))
        card.add_widget(self._last(line))
        cells = StackLayout(spacing=dp(8), size_hint_y=None)
        cells.bind(minimum_height=cells.setter("height"))
        for task, cell in zip(self.model.tasks, line.cells):
            if cell.kind is not Kind.NOTHING:
                cells.add_widget(self._named_cell(self.choose(task.title), cell))
        if cells.children:
            card.add_widget(cells)
        return card

    def _named_cell(self, title: str, cell: Cell) -> Any:
        box = Column(size_hint_x=None, width=dp(132), spacing=dp(2))
        box.add_widget(Muted(text=title, font_size=sp(13)))
        box.add_widget(CellButton(self, cell))
        return box


def _boxed(label: Any, width: Optional[float]) -> AnchorLayout:
    """A label in the middle of a cell's height, wrapping at its width."""
    box = AnchorLayout(anchor_x="left", padding=(0, 0, dp(8), 0))
    if width is not None:
        box.size_hint_x, box.width = None, width
    box.add_widget(label)
    return box
