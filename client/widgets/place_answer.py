"""Places to mark on a picture: what to mark, and the picture."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from kivy.metrics import dp, sp
from kivy.properties import DictProperty

from client.widgets.card import Column
from client.widgets.choice_row import ChoiceRow
from client.widgets.formula import RichText
from client.widgets.marked_picture import MarkedPicture
from client.widgets.picker import Options
from content.documents.document import Span


class PlaceAnswer(Column):
    """A numbered row for each place, and the picture; dispatches `on_mark` with a row and "x,y".

    A press on a row says which mark the next touch sets; after a mark comes the next row that has
    none.

    Args:
        areas: (id, words) of what is to be marked.
        texture: the picture's.
    """

    marks = DictProperty()
    __events__ = ("on_mark",)

    def __init__(self, areas: Options, texture: Any, **kwargs: Any) -> None:
        super().__init__(spacing=dp(8), **kwargs)
        self._names = [name for name, _ in areas]
        numbers = {name: str(place) for place, name in enumerate(self._names, 1)}
        self._rows: Dict[str, ChoiceRow] = {}
        for name, spans in areas:
            row = ChoiceRow()
            words = (Span(f"{numbers[name]}. ", bold=True), *spans)
            row.content = RichText(spans=words, font_size=sp(17), pos_hint={"center_y": 0.5})
            row.bind(on_release=lambda _, name=name: self.choose(name))
            row.padding = (dp(14), dp(6))
            self._rows[name] = row
            if len(areas) > 1:
                self.add_widget(row)
        self.picture = MarkedPicture(texture, numbers)
        self.picture.bind(on_mark=lambda _, place: self._marked(place))
        self.picture.bind(on_done=lambda _: self._go_on())
        self.add_widget(self.picture)
        self.active = self._names[0]
        self.bind(marks=self._show)
        self._show()

    def choose(self, name: str) -> None:
        """Say which mark is set next."""
        self.active = name
        self._show()

    def choose_place(self, place: int) -> bool:
        """Choose by number, from 0; tell whether there is such a mark."""
        if not 0 <= place < len(self._names):
            return False
        self.choose(self._names[place])
        return True

    def show_verdicts(self, parts: Mapping[str, bool]) -> None:
        """Mark what was marked as right or wrong."""
        self.picture.show_verdicts(parts)
        for name, row in self._rows.items():
            row.verdict = "" if name not in parts else ("right" if parts[name] else "wrong")

    def _marked(self, place: str) -> None:
        name = self.active
        fresh = name not in self.marks
        self.dispatch("on_mark", name, place)
        # A key pressed again moves the same mark on; a finger goes to the next.
        if fresh and not self.picture.focused:
            self._go_on()

    def _go_on(self) -> None:
        at = self._names.index(self.active)
        following = self._names[at + 1 :] + self._names[:at]
        left = [name for name in following if name not in self.marks and name != self.active]
        if left:
            self.choose(left[0])

    def _show(self, *_: Any) -> None:
        self.picture.marks = dict(self.marks)
        self.picture.active = self.active
        self.picture.show_verdicts({})
        for name, row in self._rows.items():
            row.chosen = name == self.active
            row.verdict = ""

    def on_mark(self, name: str, place: str) -> None:
        """A mark was set."""
