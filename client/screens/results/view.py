"""Work handed in, on its road."""

from __future__ import annotations

from kivy.metrics import Metrics, dp

from client.laptop.schoolwork.works import Mark, Work
from client.messages.moment import Moment
from client.screens.results.model import STATIONS, passed
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import QuietButton
from client.widgets.card import Card, Column, PlateColumn, Row
from client.widgets.chip import Chip
from client.widgets.labels import Body, Heading, Muted
from client.widgets.page import Page
from client.widgets.road_line import RoadLine

LARGE_TEXT = 1.4
"""From this scale on, a chip finds no room beside a heading on a phone."""


class View(ScreenView):
    """What waits, then a card with a road for each work."""

    def build(self) -> None:
        """Build from the model."""
        model = self.model
        title, summary = self.tr("results.title"), self.tr(model.summary)
        page = Page(title=title, subtitle=summary, wide=self.wide)
        if model.waiting:
            page.add(self._waiting())
        page.add(*(self._work(work) for work in model.works))
        if not model.works:
            page.add(self._nothing())
        if model.more:
            more = QuietButton(text=self.tr("results.more", n=model.more), icon="down")
            more.bind(on_release=lambda _: model.show_more())
            page.add(more)
        self.add_widget(page)

    def _waiting(self) -> Card:
        card, row = Card(), Row()
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Heading(text=self.tr("results.waiting", n=self.model.waiting)))
        words.add_widget(Muted(text=self.tr("results.by_itself")))
        row.add_widget(words)
        button = QuietButton(text=self.tr("results.send"), icon="send", pos_hint={"center_y": 0.5})
        button.bind(on_release=lambda _: self.app.open_place("send"))
        card.add_widget(row)
        if self.wide:
            row.add_widget(button)
        else:
            button.fills = True
            card.spacing = dp(12)
            card.add_widget(button)
        return card

    def _work(self, work: Work) -> Card:
        card, row = Card(spacing=dp(12)), Row()
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Heading(text=self.choose(work.title)))
        words.add_widget(Muted(text=self.tr(self.model.when(work))))
        verdict, icon, tint = self.model.verdict(work)
        chip = Chip(text=self.tr(verdict), icon=icon, tint=tint, bold=work.mark is not None)
        chip.pos_hint = {"center_y": 0.5}
        row.add_widget(words)
        card.add_widget(row)
        if self.wide or Metrics.fontscale < LARGE_TEXT:
            row.add_widget(chip)
        else:
            card.add_widget(chip)
        stations = [self.tr("results.station." + name) for name in STATIONS]
        card.add_widget(RoadLine(stations=stations, passed=passed(work)))
        for score in self.model.own_score(work):
            card.add_widget(Muted(text=self.tr(score)))
        if work.mark is not None:
            card.add_widget(self._mark(work.mark))
        return card

    def _mark(self, mark: Mark) -> Column:
        box = PlateColumn(padding=(dp(14), dp(12)), spacing=dp(2), fill=palette.green_tint)
        box.radius = dp(10)
        if mark.comment:
            box.add_widget(Body(text=self.tr("results.comment", comment=mark.comment)))
        said = self.tr("results.marked_by", teacher=mark.teacher_name, time=Moment(mark.time_ms))
        box.add_widget(Muted(text=said, color=palette.green))
        return box

    def _nothing(self) -> Card:
        card = Card()
        card.add_widget(Heading(text=self.tr("results.nothing")))
        card.add_widget(Muted(text=self.tr("results.nothing.more")))
        return card
