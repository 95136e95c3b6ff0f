"""One of several options, chosen from a list that opens below."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple

from kivy.app import App
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from client.theme.palette import palette
from client.widgets import kv
from client.widgets.answers import Choices
from client.widgets.card import PlateColumn, Row
from client.widgets.formula import RichText
from client.widgets.labels import Body
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable
from content.documents.document import Spans

Options = Sequence[Tuple[str, Spans]]
"""(id, words) of each option."""


class Panel(PlateColumn):
    """The list under a picker: a line of its own, also in running text."""

    whole_line = True


class Picker(Plate, Pressable, Row):
    """Shows what is chosen; dispatches `on_pick` with an option's id.

    The list opens as a panel in the same layout, right behind the picker: nothing floats over the
    page, and the arrow keys find it. Pressing the picker again closes the list.
    """

    chosen = StringProperty("")
    hint = StringProperty("")
    """What it says while nothing is chosen."""
    opened = BooleanProperty(False)
    verdict = OptionProperty("", options=["", "right", "wrong"])
    __events__ = ("on_pick",)

    def __init__(self, options: Options, **kwargs: Any) -> None:
        self._options = options
        self._panel: Optional[Panel] = None
        self.anchor: Any = self
        """Behind whom the panel opens: a parent when the picker lies in a row."""
        super().__init__(**kwargs)
        self.bind(chosen=self._show, hint=self._show)
        self._show()

    def mark(self, opened: bool, verdict: str) -> str:
        """Return the icon's name for a state."""
        if verdict:
            return "check_circle" if verdict == "right" else "wrong"
        return "up" if opened else "down"

    def colours(self, chosen: str, verdict: str, down: bool) -> Any:
        """Return (fill, outline, icon colour)."""
        if verdict:
            tint = "green" if verdict == "right" else "rust"
            return palette.named(tint + "_tint"), palette.named(tint), palette.named(tint)
        if chosen or down:
            return palette.sky_tint, palette.sky, palette.sky
        return palette.surface, palette.line, palette.muted

    def _show(self, *_: Any) -> None:
        holder = self.ids.words
        holder.clear_widgets()
        words = dict(self._options).get(self.chosen)
        if words is None:
            holder.add_widget(Body(text=self.hint, color=palette.muted))
        else:
            holder.add_widget(RichText(spans=words, font_size=sp(17)))

    def on_release(self) -> None:
        """Open the list, or close it."""
        if self._panel is not None:
            self.close()
            return
        panel = Panel(padding=dp(10), radius=dp(10), fill=palette.sky_tint)
        choices = Choices(self._options, several=False)
        choices.chosen = [self.chosen]
        choices.bind(on_choose=lambda _, option: self._pick(option))
        panel.add_widget(choices)
        layout = self.anchor.parent
        layout.add_widget(panel, index=layout.children.index(self.anchor))
        self._panel, self.opened = panel, True

    def activate(self) -> None:
        """Open the list from the keyboard: the first option, or the chosen one, is at hand."""
        super().activate()
        ring = getattr(App.get_running_app(), "ring", None)
        if self._panel is not None and ring is not None:
            rows = [one for one in self._panel.walk() if getattr(one, "focusable", False)]
            ring.focus(next((row for row in rows if getattr(row, "chosen", False)), rows[0]))

    def close(self) -> None:
        """Close the list; the keyboard comes back to the picker."""
        if self._panel is None:
            return
        ring = getattr(App.get_running_app(), "ring", None)
        inside = ring is not None and ring.current in list(self._panel.walk())
        self._panel.parent.remove_widget(self._panel)
        self._panel, self.opened = None, False
        if inside and ring is not None:
            ring.focus(self)

    def _pick(self, option: str) -> None:
        self.close()
        self.dispatch("on_pick", option)

    def on_pick(self, option: str) -> None:
        """An option was chosen."""


kv.load(__file__)
