"""Parts put in order by pressing them one after the other."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from kivy.metrics import sp
from kivy.properties import ListProperty, NumericProperty, OptionProperty

from client.theme.palette import palette
from client.widgets import kv
from client.widgets.buttons import IconButton
from client.widgets.card import Column, Row
from client.widgets.formula import RichText
from client.widgets.picker import Options
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable
from content.documents.document import Spans


class OrderRow(Plate, Pressable, Row):
    """One part: its number in the order (0: not in it yet) and its words."""

    number = NumericProperty(0)
    verdict = OptionProperty("", options=["", "right", "wrong"])

    def __init__(self, spans: Spans, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.add_widget(RichText(spans=spans, font_size=sp(18), pos_hint={"center_y": 0.5}))

    def colours(self, number: int, verdict: str, down: bool) -> Any:
        """Return (fill, outline, badge)."""
        if verdict:
            tint = "green" if verdict == "right" else "rust"
            return palette.named(tint + "_tint"), palette.named(tint), palette.named(tint)
        if number:
            return palette.sky_tint, palette.sky, palette.sky
        return palette.sky_tint if down else palette.surface, palette.line, palette.stone_tint


class OrderAnswer(Column):
    """The parts in order first, then those that are left; pressing moves a part across.

    Dispatches `on_part` with the part pressed, and `on_up` with one that is to move up. Digits do
    the same as pressing: ``press_place``.

    Args:
        parts: (id, words) of each, in the order in which they are offered.
        up_hint: what the button that moves a part up is called.
    """

    order = ListProperty()
    __events__ = ("on_part", "on_up")

    def __init__(self, parts: Options, up_hint: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._offered = [part for part, _ in parts]
        self._rows: Dict[str, OrderRow] = {}
        self._ups: Dict[str, IconButton] = {}
        for part, spans in parts:
            row = OrderRow(spans)
            row.bind(on_release=lambda _, part=part: self.dispatch("on_part", part))
            up = IconButton(icon="up", hint=up_hint, pos_hint={"center_y": 0.5})
            up.bind(on_release=lambda _, part=part: self.dispatch("on_up", part))
            self._rows[part], self._ups[part] = row, up
        self.bind(order=self._show)
        self._show()

    @property
    def shown(self) -> List[str]:
        """The parts as they lie on the screen."""
        left = [part for part in self._offered if part not in self.order]
        return [part for part in self.order if part in self._rows] + left

    def press_place(self, place: int) -> bool:
        """Press the part at a place on the screen, from 0; tell whether there is one."""
        if not 0 <= place < len(self._offered):
            return False
        self.dispatch("on_part", self.shown[place])
        return True

    def show_verdicts(self, parts: Mapping[str, bool]) -> None:
        """Mark each part that was put in order as right or wrong."""
        for part, right in parts.items():
            if part in self._rows:
                self._rows[part].verdict = "right" if right else "wrong"

    def _show(self, *_: Any) -> None:
        shown = self.shown
        if [self._rows[part] for part in shown] != list(reversed(self.children)):
            self.clear_widgets()
            for part in shown:
                self.add_widget(self._rows[part])
        for place, part in enumerate(shown):
            row, up = self._rows[part], self._ups[part]
            row.number = place + 1 if part in self.order else 0
            row.verdict = ""
            movable = part in self.order and place > 0
            if movable and up.parent is None:
                row.add_widget(up)
            elif not movable and up.parent is not None:
                row.remove_widget(up)

    def on_part(self, part: str) -> None:
        """A part was pressed."""

    def on_up(self, part: str) -> None:
        """A part is to move up."""


def offered_order(ids: Sequence[str], seed: str) -> List[str]:
    """The ids as they are offered: the same for the same seed, and never in their right order."""
    import hashlib

    def place(one: str) -> bytes:
        return hashlib.sha256(f"{seed}\n{one}".encode()).digest()

    mixed = sorted(ids, key=place)
    return mixed[1:] + mixed[:1] if mixed == list(ids) else mixed


kv.load(__file__)
