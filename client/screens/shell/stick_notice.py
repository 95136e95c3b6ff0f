"""The strip that tells of a stick over a screen."""

from __future__ import annotations

from typing import Any, Callable, Optional

from kivy.graphics import Color, Rectangle
from kivy.metrics import dp

from client.screens.shell.notice_words import CLOSE, LATER, MORE, Notice
from client.screens.sticks.looks import ACT_ICONS, MOODS
from client.screens.sticks.model import EXCHANGE
from client.theme.palette import palette
from client.widgets.buttons import PrimaryButton, QuietButton
from client.widgets.card import Column, Row
from client.widgets.flow import Flow
from client.widgets.labels import Icon, Small, Strong
from client.widgets.progress_line import ProgressLine

ICONS = {**ACT_ICONS, MORE: "info", CLOSE: "close", LATER: "clock"}


class StickNotice(Column):
    """One notice as a strip, with a hairline under it."""

    def __init__(self, app: Any, notice: Notice, act: Callable[[str, Notice], None]) -> None:
        super().__init__(padding=(dp(16), dp(8)), spacing=dp(8))
        self._app, self._act = app, act
        icon, ground, ink = MOODS[notice.mood]
        with self.canvas.before:
            Color(*palette.named(ground))
            self._ground = Rectangle()
            Color(*palette.line)
            self._edge = Rectangle()
        self.bind(pos=self._place, size=self._place)
        row = Row(spacing=dp(12))
        sign = Icon(icon=icon, color=palette.named(ink), pos_hint={"center_y": 0.5})
        words = Column(spacing=0, pos_hint={"center_y": 0.5})
        words.add_widget(Strong(text=app.messages.text(notice.title)))
        if notice.words is not None:
            words.add_widget(Small(text=app.messages.text(notice.words)))
        row.add_widget(sign)
        row.add_widget(words)
        self.add_widget(row)
        buttons = [self._button(notice, one) for one in notice.acts]
        self.line: Optional[ProgressLine] = None
        if notice.share is not None:
            self.line = ProgressLine(value=notice.share)
            self.add_widget(self.line)
        holder: Any = row if app.wide else Flow(gap=dp(8))
        for button in buttons:
            button.pos_hint = {"center_y": 0.5}
            holder.add_widget(button)
        if not app.wide:
            self.add_widget(holder)

    def _place(self, *_: Any) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        self._edge.pos, self._edge.size = self.pos, (self.width, max(1, dp(1)))

    def _button(self, notice: Notice, act: str) -> Any:
        kind = PrimaryButton if act == EXCHANGE else QuietButton
        text = self._app.messages.text("stick_page." + act)
        button = kind(text=text, icon=ICONS[act])
        button.bind(on_release=lambda _: self._act(act, notice))
        return button
