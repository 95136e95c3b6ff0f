"""A scrolling column of content with the screen's name above it."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.scrollview import ScrollView

from client.widgets import kv
from client.widgets.card import Column


class Scroll(ScrollView):
    """A vertical scroll with our own thin bar, to which the focus can scroll."""

    reveals_focus = BooleanProperty(True)


class Page(Scroll):
    """What most screens are made of: ``title``, ``subtitle``, then what ``add`` brings.

    The column is at most ``column_dp`` wide and stays in the middle; its edge is 24 dp when
    wide and 16 dp when narrow. ``head`` is the row of the title: add chips to its end.
    """

    title = StringProperty("")
    subtitle = StringProperty("")
    wide = BooleanProperty(True)
    column_width = NumericProperty(0)

    def add(self, *widgets: Any) -> None:
        """Append widgets to the column."""
        for widget in widgets:
            self.ids.column.add_widget(widget)

    def add_to_head(self, *widgets: Any) -> None:
        """Put widgets at the right of the title; they should be as wide as their content."""
        for widget in widgets:
            widget.pos_hint = {"center_y": 0.5}
            self.ids.head.add_widget(widget)

    @property
    def column(self) -> Column:
        """The column under the title."""
        column: Column = self.ids.column
        return column


class Middle(Scroll):
    """One column in the middle of the window, scrolling when it is higher than that."""

    def show(self, column: Any) -> None:
        """Put the column in; it is as wide as it says, or as the window."""
        self.ids.holder.add_widget(column)
        column.bind(height=lambda *_: self._fit(column))
        self.bind(height=lambda *_: self._fit(column))
        self._fit(column)

    def _fit(self, column: Any) -> None:
        self.ids.holder.height = max(self.height, column.height)


kv.load(__file__)
