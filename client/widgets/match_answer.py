"""Rows, each with an option to be chosen for it."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from kivy.metrics import dp, sp
from kivy.properties import DictProperty

from client.theme.palette import palette
from client.widgets.card import Card, Column, Row
from client.widgets.formula import RichText
from client.widgets.picker import Options, Picker


class MatchAnswer(Column):
    """Each row's words with a picker beside (wide) or under them.

    Dispatches `on_match` with a row and the option chosen for it.
    """

    matches = DictProperty()
    __events__ = ("on_match",)

    def __init__(
        self, rows: Options, options: Options, *, wide: bool, hint: str, **kwargs: Any
    ) -> None:
        super().__init__(spacing=dp(10), **kwargs)
        self._pickers: Dict[str, Picker] = {}
        for row, spans in rows:
            picker = Picker(options, hint=hint)
            picker.bind(on_pick=lambda _, option, row=row: self.dispatch("on_match", row, option))
            self._pickers[row] = picker
            words = RichText(spans=spans, font_size=sp(18), pos_hint={"center_y": 0.5})
            card = Card(padding=dp(12), spacing=dp(8))
            card.outline = palette.line
            if wide:
                picker.pos_hint = {"center_y": 0.5}
                words.size_hint_x, picker.size_hint_x = 0.42, 0.58
                line = Row(spacing=dp(12))
                line.add_widget(words)
                line.add_widget(picker)
                picker.anchor = line
                card.add_widget(line)
            else:
                card.add_widget(words)
                card.add_widget(picker)
            self.add_widget(card)
        self.bind(matches=self._show)
        self._show()

    def show_verdicts(self, parts: Mapping[str, bool]) -> None:
        """Mark each row that has an option as right or wrong."""
        for row, right in parts.items():
            if row in self._pickers:
                self._pickers[row].verdict = "right" if right else "wrong"

    def _show(self, *_: Any) -> None:
        for row, picker in self._pickers.items():
            picker.chosen = self.matches.get(row, "")
            picker.verdict = ""

    def on_match(self, row: str, option: str) -> None:
        """An option was chosen for a row."""
