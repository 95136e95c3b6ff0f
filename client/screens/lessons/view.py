"""All lessons on this laptop, in a list that builds only the rows on the window."""

from __future__ import annotations

from typing import Any, Dict

from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.properties import (
    BooleanProperty,
    NumericProperty,
    ObjectProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.recycleview import RecycleView

from client.screens.lessons.model import Row
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.theme.tokens import BODY_SP, COLUMN_DP, SMALL_SP
from client.widgets import kv
from client.widgets.card import Column
from client.widgets.labels import Muted, Title
from client.widgets.measure import text_height
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable

DOT = "\u00a0· "
"""Between facts in a line; a line never begins with it."""


class LessonList(RecycleView):
    """The list; the focus scrolls it."""

    reveals_focus = BooleanProperty(True)


class PackRow(BoxLayout):
    """The name of a pack above its lessons."""

    text = StringProperty("")
    detail = StringProperty("")


class LessonRow(Plate, Pressable, BoxLayout):
    """One lesson. Pressing it calls ``open`` with its ``row``."""

    row = ObjectProperty(None, allownone=True)
    open = ObjectProperty(None, allownone=True)
    number = StringProperty("")
    text = StringProperty("")
    detail = StringProperty("")
    state_word = StringProperty("")
    lesson_state = OptionProperty("new", options=["new", "begun", "done"])
    share = NumericProperty(0.0)
    wide = BooleanProperty(True)

    def on_release(self) -> None:
        """Open the lesson."""
        if self.open is not None and self.row is not None:
            self.open(self.row)

    def badge(self, lesson_state: str) -> Any:
        """Return (ground, colour) of the number for a state."""
        if lesson_state == "done":
            return palette.green_tint, palette.green
        if lesson_state == "begun":
            return palette.sun_tint, palette.ink
        return palette.sky_tint, palette.sky


class View(ScreenView):
    """A heading and the list."""

    def build(self) -> None:
        """Build the head; rows are made from ``data`` as they come into sight."""
        model = self.model
        self.edge = dp(24) if self.wide else dp(16)
        head = Column(padding=(self.edge, dp(20), self.edge, dp(8)), spacing=dp(2))
        size = sp(26) if self.wide else sp(22)
        head.add_widget(Title(text=self.tr("lessons.title"), font_size=size))
        head.add_widget(Muted(text=self.tr(model.summary)))
        self.list = LessonList()
        self.add_widget(head)
        self.add_widget(self.list)
        self._fill = Clock.create_trigger(self._fill_rows, -1)
        self.list.bind(width=lambda *_: self._fill())
        self.head = head
        self._fill()

    def _fill_rows(self, *_: Any) -> None:
        """Give the list its rows, each with the height that its words need at this width."""
        edge = max(self.edge, (self.width - dp(COLUMN_DP)) / 2)
        self.head.padding = (edge, dp(20), edge, dp(8))
        self.list.ids.rows.padding = (edge, dp(4), edge, dp(24))
        width = self.list.width - 2 * edge
        if width > dp(100):
            self.list.data = [self._data(row, width) for row in self.model.rows]

    def _data(self, row: Row, width: float) -> Dict[str, Any]:
        card = row.card
        if row.is_pack:
            text = self.choose(card.pack_title)
            detail = self.tr("lessons.in_pack", n=row.lessons_of_pack)
            height = text_height(text, width, sp(18), bold=True)
            height += text_height(detail, width, sp(SMALL_SP)) + dp(26)
            return {
                "viewclass": "PackRow",
                "text": text,
                "detail": detail,
                "row_size": (None, height),
            }
        text, detail = self.choose(card.title), self._detail(row)
        state_word = self.tr("lessons." + row.state) if self.model.counts_progress else ""
        room = width - dp(16 * 2 + 44 + 14 * 2) - (dp(150) if self.wide else 0)
        lines = detail if self.wide or not state_word else detail + DOT + state_word
        height = text_height(text, room, sp(BODY_SP), bold=True)
        height += text_height(lines, room, sp(SMALL_SP)) + dp(2 + 14 * 2 + 10)
        return {
            "viewclass": "LessonRow",
            "row_size": (None, max(dp(76), height)),
            "row": row,
            "open": self._open,
            "number": str(card.place),
            "text": text,
            "detail": lines,
            "state_word": state_word if self.wide else "",
            "lesson_state": row.state,
            "share": row.steps.share if row.steps else 0.0,
            "wide": self.wide and self.model.counts_progress,
        }

    def _detail(self, row: Row) -> str:
        parts = [
            self.tr("lessons.minutes", n=row.card.minutes),
            self.tr(row.video_words),
        ]
        if row.card.task_ids:
            parts.insert(1, self.tr("lessons.tasks", n=len(row.card.task_ids)))
        return DOT.join(parts)

    def _open(self, row: Row) -> None:
        self.app.go("lesson", pack=row.card.pack, lesson=row.card.lesson)

    def scroller(self) -> Any:
        """The list is what scrolls."""
        return self.list

    def on_key(self, key: str) -> bool:
        """Go from row to row; one exists only once it is scrolled in."""
        current = self.app.ring.current
        if key in ("up", "down") and isinstance(current, LessonRow):
            return self._neighbour(current, 1 if key == "down" else -1)
        return False

    def _neighbour(self, current: LessonRow, step: int) -> bool:
        """Move the focus a row up or down, scrolling it in."""
        order = [one for one in self.app.ring.order() if isinstance(one, LessonRow)]
        order.sort(key=lambda one: -one.y)
        at = order.index(current) + step
        if not 0 <= at < len(order):
            return False
        following = order[at]
        self.app.ring.focus(following)
        below = following.to_window(0, following.y)[1] - self.list.to_window(0, self.list.y)[1]
        if below < following.height or below > self.list.height - 2 * following.height:
            self._scroll_by(step * following.height)
        return True

    def _scroll_by(self, pixels: float) -> None:
        hidden = self.list.ids.rows.height - self.list.height
        if hidden > 0:
            self.list.scroll_y = min(1.0, max(0.0, self.list.scroll_y - pixels / hidden))


kv.load(__file__)
