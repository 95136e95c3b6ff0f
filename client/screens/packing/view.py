"""Lessons at the left, sticks at the right, one button; one under another when narrow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List, Tuple

from kivy.metrics import dp

from client.laptop.sticks.packing import LEVELS
from client.screens.packing.model import Model, PackRow, StickRow
from client.screens.sticks.looks import MOODS
from client.screens.sticks.model import BUSY, READY
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Card, Column, Row
from client.widgets.choice_row import ChoiceRow
from client.widgets.flow import Flow
from client.widgets.labels import Body, Icon, Muted, Strong
from client.widgets.language_switch import SwitchButton
from client.widgets.page import Page
from client.widgets.progress_line import ProgressLine

DOT = "\u00a0· "


class View(ScreenView):
    """What to write, and onto what."""

    model: Model

    def build(self) -> None:
        """Build from the model."""
        self._moving: Dict[Path, Tuple[ProgressLine, Muted]] = {}
        self._shown = _still(self.model)
        page = Page(
            title=self.tr("packing.title"), subtitle=self.tr("packing.subtitle"), wide=self.wide
        )
        back = QuietButton(text=self.tr("packing.back"), icon="back", fills=not self.wide)
        back.bind(on_release=lambda _: self.app.back())
        if self.wide:
            page.add_to_head(back)
        if self.model.offers is None or not self.model.offers:
            key = "packing.reading" if self.model.offers is None else "packing.none"
            card = Card()
            card.add_widget(Body(text=self.tr(key)))
            page.add(card)
        else:
            self._fill(page)
        if not self.wide:
            page.add(back)
        self.add_widget(page)

    def refresh(self) -> None:
        """Move what only moved on, so that the keyboard keeps its place; else build all anew."""
        if _still(self.model) != self._shown:
            self.app.rebuild()
            return
        for row in self.model.sticks:
            if row.share is not None:
                line, words = self._moving[row.stick.root]
                line.value, words.text = row.share, self._said(row)

    def _said(self, row: StickRow) -> str:
        return DOT.join(self.tr(one) for one in row.words)

    def _fill(self, page: Page) -> None:
        left, right = [self._packs()], [self._sticks(), self._acts()]
        if not self.wide:
            page.add(*left, *right)
            return
        row = Row(spacing=dp(12))
        for widgets, share in ((left, 0.56), (right, 0.44)):
            column = Column(spacing=dp(12), size_hint_x=share, pos_hint={"top": 1})
            for widget in widgets:
                column.add_widget(widget)
            row.add_widget(column)
        page.add(row)

    def _packs(self) -> Card:
        """What to choose from; while it is written, what was chosen."""
        model, card = self.model, Card(spacing=dp(12))
        if model.writing:
            card.add_widget(Strong(text=self.tr("packing.goes")))
            for row in model.rows:
                if row.chosen:
                    card.add_widget(self._marked("box_on", "sky", self._pack_words(row)))
            return card
        if len(model.grades) > 1:
            card.add_widget(self._choices("packing.classes", self._grades()))
        levels = [
            self._switch(
                self.tr("packing.level." + level),
                level,
                level == model.level,
                model.choose_level,
            )
            for level in LEVELS
        ]
        card.add_widget(self._choices("packing.videos", levels))
        rows = Column(spacing=dp(8))
        rows.add_widget(Strong(text=self.tr("packing.packs")))
        for row in model.rows:
            rows.add_widget(self._pack(row))
        card.add_widget(rows)
        return card

    def _choices(self, key: str, buttons: List[Any]) -> Column:
        box, flow = Column(spacing=dp(6)), Flow(gap=dp(6))
        box.add_widget(Strong(text=self.tr(key)))
        for button in buttons:
            flow.add_widget(button)
        box.add_widget(flow)
        return box

    def _grades(self) -> List[Any]:
        model = self.model
        everything = self._switch(
            self.tr("packing.all"), "all", model.everything, lambda _: model.toggle_all()
        )
        return [everything] + [
            self._switch(
                self.tr("packing.grade", n=grade),
                str(grade),
                grade in model.lit_grades,
                lambda value: model.toggle_grade(int(value)),
            )
            for grade in model.grades
        ]

    def _switch(self, text: str, value: str, lit: bool, choose: Any) -> SwitchButton:
        button = SwitchButton(text=text, value=value, lit=lit)
        button.bind(on_release=lambda pressed: choose(pressed.value))
        return button

    def _pack_words(self, row: PackRow) -> Column:
        words = Column(spacing=dp(1), pos_hint={"center_y": 0.5})
        words.add_widget(Body(text=self.choose(row.offer.title)))
        words.add_widget(Muted(text=DOT.join(self.tr(one) for one in row.words)))
        return words

    def _marked(self, icon: str, ink: str, words: Column) -> Row:
        line = Row(spacing=dp(12), padding=(dp(16), dp(4)))
        line.add_widget(Icon(icon=icon, color=palette.named(ink), pos_hint={"center_y": 0.5}))
        line.add_widget(words)
        return line

    def _pack(self, row: PackRow) -> ChoiceRow:
        choice = ChoiceRow(several=True, chosen=row.chosen)
        choice.content = self._pack_words(row)
        choice.bind(on_release=lambda _: self.model.toggle_pack(row.offer.key))
        return choice

    def _sticks(self) -> Card:
        card = Card(spacing=dp(8))
        card.add_widget(Strong(text=self.tr("packing.sticks")))
        rows = self.model.sticks
        for row in rows:
            card.add_widget(self._stick(row))
        if not rows:
            card.add_widget(Muted(text=self.tr("packing.no_sticks")))
        return card

    def _stick(self, row: StickRow) -> Any:
        words = Column(spacing=dp(1), pos_hint={"center_y": 0.5})
        words.add_widget(Body(text=row.stick.name))
        tone = palette.named(MOODS[row.mood][2]) if row.mood not in (READY, BUSY) else palette.muted
        said = Muted(text=self._said(row), color=tone)
        words.add_widget(said)
        icon, _, ink = MOODS[row.mood]
        if row.choosable:
            choice = ChoiceRow(several=True, chosen=row.chosen)
            choice.content = words
            if row.mood != READY:
                ended = Icon(icon=icon, color=palette.named(ink), pos_hint={"center_y": 0.5})
                choice.add_widget(ended)
            choice.bind(on_release=lambda _: self.model.toggle_stick(row.stick.root))
            return choice
        box, line = Column(spacing=dp(8), padding=(0, dp(4))), self._marked(icon, ink, words)
        if row.mood == BUSY:
            stop = IconButton(icon="close", hint=self.tr("stick_page.stop"))
            stop.pos_hint = {"center_y": 0.5}
            stop.bind(on_release=lambda _: self.model.cancel(row.stick.root))
            line.add_widget(stop)
        box.add_widget(line)
        if row.share is not None:
            progress = ProgressLine(value=row.share)
            self._moving[row.stick.root] = (progress, said)
            box.add_widget(progress)
        return box

    def _acts(self) -> Card:
        model, card = self.model, Card(spacing=dp(12))
        card.add_widget(Strong(text=self.tr(model.summary)))
        button = PrimaryButton(text=self.tr(model.button), icon="save", fills=True)
        button.disabled = not model.may_write
        button.bind(on_release=lambda _: model.write())
        card.add_widget(button)
        card.add_widget(Muted(text=self.tr(model.hint)))
        return card


def _still(model: Model) -> Tuple[Any, ...]:
    """All that is shown, but for how far writing is."""
    sticks = tuple(
        row if row.share is None else replace(row, share=0.0, words=row.words[:1])
        for row in model.sticks
    )
    return (model.rows, model.level, sticks, model.summary, model.may_write, model.writing)
