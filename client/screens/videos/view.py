"""Videos by pack, each with what may be done about it."""

from __future__ import annotations

from typing import Any, Sequence

from kivy.metrics import dp

from client.messages import Message
from client.screens.videos.model import (
    CANCEL,
    FETCH,
    FIRST,
    ICONS,
    KEEP,
    LET_GO,
    RELEASE,
    Line,
    Model,
    PackVideos,
)
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import IconButton, QuietButton
from client.widgets.card import Card, Column, Row
from client.widgets.flow import Flow
from client.widgets.labels import Body, Heading, Icon, Muted, Strong
from client.widgets.page import Page

DOT = "\u00a0· "
ACT_ICONS = {
    FIRST: "up",
    CANCEL: "close",
    KEEP: "save",
    RELEASE: "check_circle",
    LET_GO: "trash",
    FETCH: "video_coming",
}


class View(ScreenView):
    """How much room there is first, then the packs; one of them is open."""

    model: Model

    def build(self) -> None:
        """Build from the model."""
        model = self.model
        page = Page(title=self.tr("videos.title"), wide=self.wide)
        back = QuietButton(text=self.tr("videos.back"), icon="back", fills=not self.wide)
        back.bind(on_release=lambda _: self.app.open_place("send"))
        if self.wide:
            page.add_to_head(back)
        page.add(self._room())
        for pack in model.packs:
            page.add(self._pack(pack))
        if model.shelf is not None and not model.packs:
            nothing = Card()
            nothing.add_widget(Body(text=self.tr("videos.none")))
            page.add(nothing)
        if not self.wide:
            page.add(back)
        self.add_widget(page)

    def _said(self, words: Sequence[Message]) -> str:
        return DOT.join(self.tr(one) for one in words)

    def _room(self) -> Card:
        model, card = self.model, Card(spacing=dp(12))
        words = Column(spacing=dp(2))
        for line in model.summary:
            words.add_widget(Body(text=self.tr(line)))
        card.add_widget(words)
        acts = Flow(gap=dp(8)) if self.wide else Column(spacing=dp(8))
        paused = "resume" if model.paused else "pause"
        icon, fills = "play" if model.paused else "pause", not self.wide
        pause = QuietButton(text=self.tr("videos." + paused), icon=icon, fills=fills)
        pause.bind(on_release=lambda _: model.pause_or_resume())
        acts.add_widget(pause)
        if model.freeable is not None:
            free = QuietButton(text=self.tr(model.freeable), icon="trash", fills=fills)
            free.bind(on_release=lambda _: model.free_seen())
            acts.add_widget(free)
        card.add_widget(acts)
        return card

    def _pack(self, pack: PackVideos) -> Card:
        card, row = Card(spacing=dp(10)), Row(spacing=dp(12))
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Heading(text=self.choose(pack.card.pack_title)))
        words.add_widget(Muted(text=self._said(pack.words)))
        key = "videos.close" if pack.open else "videos.open"
        turn = IconButton(icon="up" if pack.open else "down", hint=self.tr(key))
        turn.pos_hint = {"center_y": 0.5}
        turn.bind(on_release=lambda _: self.model.toggle(pack.card.pack))
        row.add_widget(words)
        row.add_widget(turn)
        card.add_widget(row)
        for line in pack.lines:
            card.add_widget(self._line(line))
        return card

    def _line(self, line: Line) -> Any:
        sign = Icon(icon=ICONS[line.video.state], font_size=dp(24), color=palette.muted)
        sign.pos_hint = {"center_y": 0.5}
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Strong(text=self.choose(line.card.title)))
        words.add_widget(Muted(text=self._said(line.words)))
        row = Row(spacing=dp(12))
        row.add_widget(sign)
        row.add_widget(words)
        buttons = [self._button(act, line) for act in line.acts]
        if self.wide:
            for button in buttons:
                button.pos_hint = {"center_y": 0.5}
                row.add_widget(button)
            return row
        acts = Flow(gap=dp(8))
        for button in buttons:
            acts.add_widget(button)
        box = Column(spacing=dp(6))
        box.add_widget(row)
        box.add_widget(acts)
        return box

    def _button(self, act: str, line: Line) -> QuietButton:
        button = QuietButton(text=self.tr("videos.act." + act), icon=ACT_ICONS[act])
        button.bind(on_release=lambda _: self.model.act(act, line))
        return button
