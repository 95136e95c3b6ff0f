"""Cards of one size in columns, of which only those on the window exist."""

from __future__ import annotations

from math import ceil
from typing import Any, Callable, Dict, List, Sequence

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from client.theme.tokens import SPACE_DP

SPARE_ROWS = 1
"""Rows built beyond the window's edge, so that the keyboard has somewhere to go."""


class SeenTiles(Widget):
    """Shows entries in cards; two hundred cost no more than those that are seen.

    Args:
        make: makes an empty card.
        fill: shows an entry in a card that was made, or used before.
        height_at: height in pixels of the highest card of some entries, at a width.
    """

    min_width = NumericProperty(dp(136))
    max_width = NumericProperty(dp(170))
    gap = NumericProperty(dp(SPACE_DP["m"]))

    def __init__(
        self,
        make: Callable[[], Any],
        fill: Callable[[Any, Any], None],
        height_at: Callable[[Sequence[Any], float], float],
        **kwargs: Any,
    ) -> None:
        self._make, self._fill, self._height_at = make, fill, height_at
        self._entries: Sequence[Any] = ()
        self._cards: Dict[int, Any] = {}
        self._spare: List[Any] = []
        self._scroller: Any = None
        self._trigger = Clock.create_trigger(self._place, -1)
        super().__init__(size_hint_y=None, height=0, **kwargs)
        self.bind(pos=self._trigger, width=self._trigger)

    def follow(self, scroller: Any) -> None:
        """Build what is on the window of this scroll view, in whose content this stands."""
        self._scroller = scroller
        scroller.bind(scroll_y=self._trigger, size=self._trigger)

    def show(self, entries: Sequence[Any]) -> None:
        """Show other entries, from the first."""
        self._entries = entries
        for index in list(self._cards):
            self._put_away(index)
        self._trigger()

    def cards(self) -> List[Any]:
        """Return the cards that exist, in the entries' order."""
        return [self._cards[index] for index in sorted(self._cards)]

    def _place(self, *_: Any) -> None:
        if not self._entries or self.width < self.min_width:
            self.height = 0
            return
        fit = int((self.width + self.gap) // (self.min_width + self.gap))
        columns = max(1, min(fit, len(self._entries)))
        width = min(self.max_width, (self.width - (columns - 1) * self.gap) / columns)
        height = self._height_at(self._entries, width)
        rows = ceil(len(self._entries) / columns)
        self.height = rows * (height + self.gap) - self.gap
        first, last = self._rows_seen(height + self.gap, rows)
        wanted = range(first * columns, min(len(self._entries), last * columns))
        for index in [one for one in self._cards if one not in wanted]:
            self._put_away(index)
        for index in wanted:
            card = self._card(index)
            row, column = divmod(index, columns)
            taken = columns * (width + self.gap) - self.gap
            left = self.center_x - taken / 2 + column * (width + self.gap)
            card.size = width, height
            card.pos = left, self.top - row * (height + self.gap) - height
        # Tab goes through the children, the last first.
        order = list(reversed(self.cards()))
        self.children = order

    def _rows_seen(self, pitch: float, rows: int) -> Any:
        """Return the first row to build, and the one after the last."""
        scroller = self._scroller
        if scroller is None or not scroller.children:
            return 0, rows
        content = scroller.children[0]
        hidden = max(0.0, content.height - scroller.height)
        above = (1 - min(1.0, max(0.0, scroller.scroll_y))) * hidden
        from_top = above - (content.top - self.top)
        first = int(from_top // pitch) - SPARE_ROWS
        last = int((from_top + scroller.height) // pitch) + 1 + SPARE_ROWS
        return max(0, min(first, rows)), max(0, min(last, rows))

    def _card(self, index: int) -> Any:
        card = self._cards.get(index)
        if card is None:
            card = self._spare.pop() if self._spare else self._new()
            self._fill(card, self._entries[index])
            self._cards[index] = card
            self.add_widget(card)
        return card

    def _new(self) -> Any:
        card = self._make()
        # What a card needs by itself changes with its words; here all are of one size.
        card.fbind("minimum_height", self._trigger)
        return card

    def _put_away(self, index: int) -> None:
        card = self._cards.pop(index)
        self.remove_widget(card)
        self._spare.append(card)
