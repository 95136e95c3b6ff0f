"""Keyboard focus of our own: Tab order, a visible ring, Enter and Space press.

Kivy's FocusBehavior asks the window for a keyboard on every touch, which on a phone opens the
on-screen keyboard at each button. Here a button only knows whether it is focused; the
:class:`FocusRing` of the app decides who is.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Optional

from kivy.metrics import dp
from kivy.properties import BooleanProperty, NumericProperty

from client.theme.palette import palette
from client.widgets.plate import Patch


class Focusable:
    """Mixin for a widget that Tab reaches; shows a ring while ``focused``."""

    focused = BooleanProperty(False)
    focusable = BooleanProperty(True)
    ring_gap = NumericProperty(dp(2))
    """Distance of the ring from the widget's edge; negative draws it inside."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        widget: Any = self
        self._ring: Optional[Patch] = None
        widget.bind(focused=self._redraw_ring, pos=self._redraw_ring, size=self._redraw_ring)

    def activate(self) -> None:
        """Do what a press does. Enter and Space call it."""

    def take_focus(self) -> None:
        """Become the focused one."""
        self.focused = True

    def drop_focus(self) -> None:
        """Stop being the focused one."""
        self.focused = False

    def focus_key(self, key: str) -> bool:  # noqa: ARG002
        """Handle a key while focused (``left``, ``right``...); return whether it was used."""
        return False

    def keeps(self, key: str) -> bool:  # noqa: ARG002
        """Return whether a key belongs to the widget's own text input."""
        return False

    def _redraw_ring(self, *_: Any) -> None:
        widget: Any = self
        if self._ring is None:
            if not self.focused:
                return
            self._ring = Patch(widget.canvas.after)
        gap, stroke = self.ring_gap + dp(2), dp(2)
        box = (widget.x - gap, widget.y - gap, widget.width + 2 * gap, widget.height + 2 * gap)
        radius = max(dp(4), getattr(widget, "radius", dp(8)) + gap)
        color = palette.ink if self.focused else (0, 0, 0, 0)
        self._ring.draw(box, radius, stroke, color)


def walk(root: Any) -> Iterator[Any]:
    """Yield the focusable widgets under ``root`` in reading order, the visible and enabled ones."""
    if root.disabled or root.opacity == 0:
        return
    if getattr(root, "focusable", False) and root.get_root_window():
        yield root
    for child in reversed(root.children):
        yield from walk(child)


class FocusRing:
    """Who has the focus under one root widget."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self.current: Optional[Any] = None

    def order(self) -> List[Any]:
        """Return the Tab order of what is on the screen."""
        return list(walk(self._root))

    def focus(self, widget: Optional[Any]) -> None:
        """Give the focus to ``widget``, or to nobody."""
        if self.current is not None and self.current is not widget:
            self.current.drop_focus()
        self.current = widget
        if widget is not None:
            widget.take_focus()
            reveal(widget)

    def claim(self, widget: Any) -> None:
        """Note that ``widget`` has taken the focus by itself."""
        if self.current is not None and self.current is not widget:
            self.current.drop_focus()
        self.current = widget

    def move(self, step: int) -> None:
        """Go to the next (``1``) or the previous (``-1``) widget, around the end."""
        order = self.order()
        if not order:
            self.focus(None)
        elif self.current in order:
            self.focus(order[(order.index(self.current) + step) % len(order)])
        else:
            self.focus(order[0 if step > 0 else -1])

    def place(self) -> Optional[int]:
        """Return which in the order has the focus, if one has."""
        order = self.order()
        return order.index(self.current) if self.current in order else None

    def focus_at(self, place: int) -> None:
        """Focus what stands at that place of the order, or the last."""
        order = self.order()
        if order:
            self.focus(order[min(place, len(order) - 1)])

    def typing(self, key: str) -> bool:
        """Return whether a key belongs to a text field that has the keyboard."""
        return self.current is not None and self.current.keeps(key)

    def handle(self, key: str, shift: bool = False) -> bool:
        """Handle a key's name (``tab``, ``enter``, ``down``...); return whether it was used."""
        if key == "tab":
            self.move(-1 if shift else 1)
            return True
        if self.current is None or self.current.get_root_window() is None:
            self.current = None
            return False
        if self.current.keeps(key):
            return False
        if self.current.focus_key(key):
            return True
        if key in ("enter", "numpadenter", "spacebar"):
            self.current.activate()
            return True
        return self._arrow(key)

    def _arrow(self, key: str) -> bool:
        """Move to the nearest widget in the direction of an arrow key."""
        if key not in ("up", "down", "left", "right"):
            return False
        best = min(self._candidates(key), default=None, key=lambda pair: pair[0])
        if best is None:
            return False
        self.focus(best[1])
        return True

    def _candidates(self, key: str) -> Iterator[Any]:
        here: Any = self.current
        x, y = here.to_window(here.center_x, here.center_y)
        for other in self.order():
            if other is here:
                continue
            at_x, at_y = other.to_window(other.center_x, other.center_y)
            along, across = (
                (at_x - x, at_y - y) if key in ("left", "right") else (at_y - y, at_x - x)
            )
            if key in ("left", "down"):
                along = -along
            if along > dp(8):
                yield along + 3 * abs(across), other


def reveal(widget: Any) -> None:
    """Scroll every scrolling parent of ``widget`` so that it can be seen."""
    parent = widget.parent
    while parent is not None and parent is not parent.parent:
        if hasattr(parent, "scroll_to") and getattr(parent, "reveals_focus", False):
            parent.scroll_to(widget, padding=dp(12), animate=False)
        parent = parent.parent
