"""Choosing who one is, by picture and first name."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp, sp
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from client.screens.view import ScreenView
from client.widgets import kv
from client.widgets.card import Column, PressCard, Row
from client.widgets.labels import Muted, Title
from client.widgets.language_switch import LanguageSwitch
from client.widgets.page import Middle
from client.widgets.tiles import Tiles


class PersonCard(PressCard):
    """A picture and a name; ``role`` says more under it for those who are not students."""

    name = StringProperty("")
    picture = StringProperty("")
    person_name = StringProperty("")
    role = StringProperty("")


class AddCard(PressCard):
    """Leads to joining a school."""

    text = StringProperty("")


class View(ScreenView):
    """A card for each of the people."""

    def build(self) -> None:
        """Add the languages at the top and the people in the middle."""
        top = Row(padding=(dp(16), dp(12)))
        top.add_widget(Widget(size_hint_y=None, height=1))
        top.add_widget(LanguageSwitch(self.app.messages.language, self.app.set_language))
        self.add_widget(top)
        column = Column(spacing=dp(20), padding=(dp(16), dp(4), dp(16), dp(24)))
        column.add_widget(Title(text=self.tr("who.title"), halign="center", font_size=sp(30)))
        column.add_widget(self._people())
        column.add_widget(Muted(text=self.tr(self.model.footer), halign="center"))
        page = Middle()
        page.show(column)
        self.add_widget(page)

    def _people(self) -> Tiles:
        count = len(self.model.people) + 1
        columns = 5 if count > 8 else 4 if count > 6 else 3 if count > 4 else count
        side = dp(148) if self.wide else dp(136)
        tiles = Tiles(min_width=side, max_width=side * 1.15, max_columns=columns, gap=dp(16))
        tiles.centred, tiles.equal = True, self.wide
        for person, name in zip(self.model.people, self.model.names):
            role = self.tr("who.teacher") if person.is_teacher else ""
            card = PersonCard(name=name, picture=person.picture, person_name=person.name, role=role)
            card.bind(on_release=lambda _, person=person: self._choose(person))
            tiles.add_widget(card)
        add = AddCard(text=self.tr("who.add"))
        add.bind(on_release=lambda _: self.app.go("enrol"))
        tiles.add_widget(add)
        return tiles

    def _choose(self, person: Any) -> None:
        self.app.sign_in(person)


kv.load(__file__)
