"""Where the hands of whoever answers are, kept while the page is built anew."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from kivy.clock import Clock

from client.widgets.focus import FocusRing, walk


class Hands(NamedTuple):
    """The place of what has the keyboard among the parts of an answer, and the part itself."""

    place: Optional[int] = None
    part: Any = None

    @classmethod
    def on(cls, pane: Optional[Any], ring: FocusRing) -> Hands:
        """Where they are now: on nothing unless something in ``pane`` has the keyboard."""
        parts = list(walk(pane)) if pane is not None else []
        if ring.current is None or ring.current not in parts:
            return cls()
        return cls(parts.index(ring.current), ring.current)

    def back_on(self, pane: Optional[Any], ring: FocusRing) -> None:
        """Give the keyboard to what stands at the same place, before the next frame."""
        if self.place is not None:
            Clock.schedule_once(lambda _: self._take(pane, ring), -1)

    def _take(self, pane: Optional[Any], ring: FocusRing) -> None:
        parts = list(walk(pane)) if pane is not None else []
        if self.place is None or self.place >= len(parts):
            return
        part = parts[self.place]
        ring.focus(part)
        if hasattr(part, "get_cursor_from_index") and hasattr(self.part, "cursor_index"):
            # A field moves its cursor after it has told its new text: only now is it right.
            part.cursor = part.get_cursor_from_index(self.part.cursor_index())
