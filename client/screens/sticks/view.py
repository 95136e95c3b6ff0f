"""A card for each stick that is in, what came and went, and the consent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Sequence, Tuple

from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.messages import Message
from client.screens.sticks.looks import ACT_ICONS, sign
from client.screens.sticks.model import EXCHANGE, QUIET, STATIONS, Model, StickCard
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import PrimaryButton, QuietButton
from client.widgets.card import Card, Column, Row
from client.widgets.flow import Flow
from client.widgets.labels import Body, Heading, Muted, Strong
from client.widgets.language_switch import SwitchButton
from client.widgets.page import Page
from client.widgets.progress_line import ProgressLine
from client.widgets.road_line import RoadLine
from client.widgets.tiles import Tiles

DOT = "\u00a0· "
CONSENTS: Tuple[Tuple[str, bool], ...] = (("no", False), ("yes", True))
"""Key of the words, and what is consented to."""


class View(ScreenView):
    """Sticks first, then how sticks are dealt with."""

    model: Model

    def build(self) -> None:
        """Build from the model."""
        model = self.model
        self._shown: Tuple[Tuple[StickCard, ...], bool] = (model.cards, model.consent)
        self._shares: Dict[Path, ProgressLine] = {}
        page = Page(
            title=self.tr("stick_page.title"),
            subtitle=self.tr("stick_page.subtitle"),
            wide=self.wide,
        )
        back = QuietButton(text=self.tr("stick_page.back"), icon="back", fills=not self.wide)
        back.bind(on_release=lambda _: self.app.back())
        if self.wide:
            page.add_to_head(back)
        cards = self._shown[0]
        for card in cards:
            page.add(self._stick(card))
        if not cards:
            page.add(self._none())
        if model.may_write:
            page.add(self._writing())
        page.add(self._consent())
        page.add(Muted(text=self.tr("stick_page.private")))
        if not self.wide:
            page.add(back)
        self.add_widget(page)

    def refresh(self) -> None:
        """Move what only moved on, so that the keyboard keeps its place; else build all anew."""
        now = (self.model.cards, self.model.consent)
        if _but_for_shares(now[0]) != _but_for_shares(self._shown[0]) or now[1] != self._shown[1]:
            self.app.rebuild()
            return
        self._shown = now
        for card in now[0]:
            if card.share is not None:
                self._shares[card.root].value = card.share

    def _none(self) -> Card:
        card, row = Card(), Row(spacing=dp(16))
        words = Column(spacing=dp(4), pos_hint={"center_y": 0.5})
        words.add_widget(Heading(text=self.tr("stick_page.none")))
        words.add_widget(Body(text=self.tr("stick_page.none.what")))
        row.add_widget(sign(QUIET))
        row.add_widget(words)
        card.add_widget(row)
        return card

    def _stick(self, stick: StickCard) -> Card:
        card, row = Card(spacing=dp(14)), Row(spacing=dp(16))
        words = Column(spacing=dp(3), pos_hint={"center_y": 0.5})
        facts = DOT.join([stick.name, *(self.tr(one) for one in stick.facts)])
        words.add_widget(Muted(text=facts))
        words.add_widget(Heading(text=self.tr(stick.title)))
        for line in stick.words:
            words.add_widget(Body(text=self.tr(line)))
        row.add_widget(sign(stick.mood))
        row.add_widget(words)
        card.add_widget(row)
        buttons = [self._button(act, stick) for act in stick.acts]
        if self.wide:
            for button in buttons:
                row.add_widget(button)
        if stick.share is not None:
            self._shares[stick.root] = ProgressLine(value=stick.share)
            card.add_widget(self._shares[stick.root])
        if stick.passed is not None:
            stations = [self.tr("stick_page.road." + name) for name in STATIONS]
            card.add_widget(RoadLine(stations=stations, passed=stick.passed))
        if stick.lines.any:
            card.add_widget(self._lines(stick))
        if not self.wide:
            for button in buttons:
                card.add_widget(button)
        return card

    def _lines(self, stick: StickCard) -> Any:
        """What came and what was left, side by side where there is room."""
        tiles = Tiles(min_width=dp(260), max_columns=2, gap=dp(16))
        lines = stick.lines
        for key, found in (
            ("stick_page.came", lines.came),
            ("stick_page.went_out", lines.left),
        ):
            if found:
                tiles.add_widget(self._part(key, found))
        box = Column(spacing=dp(10))
        if tiles.children:
            box.add_widget(tiles)
        for line in lines.attention:
            box.add_widget(Muted(text=self.tr(line), color=palette.rust))
        return box

    def _part(self, key: str, lines: Sequence[Message]) -> Column:
        part = Column(spacing=dp(4))
        part.add_widget(Strong(text=self.tr(key)))
        for line in lines:
            part.add_widget(Muted(text=self.tr(line)))
        part.add_widget(Widget())
        return part

    def _button(self, act: str, stick: StickCard) -> Any:
        kind = PrimaryButton if act == EXCHANGE else QuietButton
        button = kind(text=self.tr("stick_page." + act), icon=ACT_ICONS[act], fills=not self.wide)
        button.pos_hint = {"center_y": 0.5}
        button.bind(on_release=lambda _: self.model.act(act, stick.root))
        return button

    def _writing(self) -> QuietButton:
        button = QuietButton(text=self.tr("packing.open"), icon="lessons", fills=not self.wide)
        button.bind(on_release=lambda _: self.app.go("packing"))
        return button

    def _consent(self) -> Card:
        card = Card(spacing=dp(10))
        box: Any = Row(spacing=dp(16)) if self.wide else Column(spacing=dp(10))
        words = Column(spacing=dp(3), pos_hint={"center_y": 0.5})
        words.add_widget(Strong(text=self.tr("stick_page.consent")))
        words.add_widget(Muted(text=self.tr("stick_page.consent.what")))
        box.add_widget(words)
        box.add_widget(self._switch())
        card.add_widget(box)
        return card

    def _switch(self) -> Flow:
        flow = Flow()
        buttons = [self._choice(key, given) for key, given in CONSENTS]
        for button in buttons:
            flow.add_widget(button)
        if self.wide:
            flow.size_hint_x, flow.pos_hint = None, {"center_y": 0.5}
            flow.width = sum(button.width for button in buttons) + flow.gap + dp(2)
        return flow

    def _choice(self, key: str, given: bool) -> SwitchButton:
        button = SwitchButton(
            text=self.tr("stick_page.consent." + key),
            value=key,
            lit=self.model.consent is given,
        )
        button.bind(on_release=lambda _: self.model.give_consent(given))
        return button


def _but_for_shares(cards: Sequence[StickCard]) -> Tuple[StickCard, ...]:
    return tuple(replace(one, share=None if one.share is None else 0.0) for one in cards)
