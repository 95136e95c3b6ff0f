"""Tasks to do."""

from __future__ import annotations

from typing import Sequence

from kivy.metrics import dp

from client.screens.plan import OpenTask
from client.screens.view import ScreenView
from client.widgets.buttons import QuietButton, SunButton
from client.widgets.card import Card, Column, Row
from client.widgets.labels import Heading, Muted
from client.widgets.page import Page
from client.widgets.task_tile import TaskTile
from client.widgets.tiles import Tiles


class View(ScreenView):
    """Begun tasks as wide cards with the button to go on, new ones as tiles."""

    def build(self) -> None:
        """Build from the model."""
        model = self.model
        title, summary = self.tr("practice.title"), self.tr(model.summary)
        page = Page(title=title, subtitle=summary, wide=self.wide)
        if model.begun:
            page.add(Heading(text=self.tr("practice.begun")))
            page.add(*(self._begun(task, first=at == 0) for at, task in enumerate(model.begun)))
        if model.new:
            page.add(Heading(text=self.tr("practice.new")), self._tiles(model.new))
        if model.more:
            more = QuietButton(text=self.tr("practice.more", n=model.more), icon="down")
            more.bind(on_release=lambda _: model.show_more())
            page.add(more)
        if not model.begun and not model.new:
            page.add(self._nothing())
        self.add_widget(page)

    def _begun(self, task: OpenTask, first: bool) -> Card:
        card, row = Card(), Row(spacing=dp(14))
        words = Column(spacing=dp(2), pos_hint={"center_y": 0.5})
        words.add_widget(Heading(text=self.choose(task.title)))
        place = self.tr("practice.saved", lesson=task.card.title)
        words.add_widget(Muted(text=place))
        kind = SunButton if first else QuietButton
        button = kind(text=self.tr("practice.go_on"), icon="practice", pos_hint={"center_y": 0.5})
        button.bind(on_release=lambda _: self._open(task))
        row.add_widget(words)
        card.add_widget(row)
        if self.wide:
            row.add_widget(button)
        else:
            button.fills = True
            card.spacing = dp(12)
            card.add_widget(button)
        return card

    def _tiles(self, tasks: Sequence[OpenTask]) -> Tiles:
        tiles = Tiles(min_width=dp(250), max_columns=3, gap=dp(12))
        for task in tasks:
            tile = TaskTile(
                text=self.choose(task.title),
                detail=self.choose(task.card.title),
                subject=task.card.subject,
            )
            tile.bind(on_release=lambda _, task=task: self._open(task))
            tiles.add_widget(tile)
        return tiles

    def _nothing(self) -> Card:
        card = Card()
        card.add_widget(Heading(text=self.tr("practice.all_done")))
        card.add_widget(Muted(text=self.tr("practice.all_done.more")))
        return card

    def _open(self, task: OpenTask) -> None:
        self.app.go("task", pack=task.card.pack, lesson=task.card.lesson, task=task.task)
