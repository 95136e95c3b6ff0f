"""One answer to choose: words with a round (one) or square (several) mark."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty, OptionProperty, StringProperty

from client.theme.palette import palette
from client.widgets import kv
from client.widgets.card import Row
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable


class ChoiceRow(Plate, Pressable, Row):
    """A choice with ``text`` (or a ``content`` widget of the caller, for formulas).

    ``chosen`` is set by the caller when ``on_release`` comes. ``verdict`` shows, after checking,
    whether it was right, with an icon as well as a colour.
    """

    text = StringProperty("")
    content = ObjectProperty(None, allownone=True)
    several = BooleanProperty(False)
    chosen = BooleanProperty(False)
    verdict = OptionProperty("", options=["", "right", "wrong"])

    def mark(self, several: bool, chosen: bool, verdict: str) -> str:
        """Return the icon's name for a state."""
        if verdict:
            return "check_circle" if verdict == "right" else "wrong"
        return ("box" if several else "choice") + ("_on" if chosen else "_off")

    def colours(self, chosen: bool, verdict: str, down: bool) -> Any:
        """Return (fill, outline, icon colour)."""
        if verdict == "right":
            return palette.green_tint, palette.green, palette.green
        if verdict == "wrong":
            return palette.rust_tint, palette.rust, palette.rust
        if chosen:
            return palette.sky_tint, palette.sky, palette.sky
        return palette.sky_tint if down else palette.surface, palette.line, palette.muted

    def on_content(self, _: Any, content: Any) -> None:
        """Show the caller's widget in place of the words."""
        if content is not None:
            self.remove_widget(self.ids.words)
            self.add_widget(content)


kv.load(__file__)
