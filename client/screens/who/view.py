"""Choosing who one is, by picture and first name."""

from __future__ import annotations

from typing import Any, Sequence

from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from client.screens.view import ScreenView
from client.screens.who.model import TEACHERS, Shown
from client.theme.tokens import COLUMN_DP, SMALL_SP
from client.widgets import kv
from client.widgets.buttons import IconButton, QuietButton
from client.widgets.card import Column, PressCard, Row
from client.widgets.flow import Flow
from client.widgets.labels import Muted, Title
from client.widgets.language_switch import LanguageSwitch, SwitchButton
from client.widgets.measure import text_height
from client.widgets.page import Middle
from client.widgets.seen_tiles import SeenTiles
from client.widgets.tiles import Tiles

NAME_SP = 18
SMALL_SIDE_DP = 64
_CARD_REST_DP = 20 + 10 + 14 + 6
"""What a card has above, between and below its picture and its words."""


class PersonCard(PressCard):
    """A picture and a name; ``role`` says more under it for those who are not students."""

    name = StringProperty("")
    picture = StringProperty("")
    person_name = StringProperty("")
    role = StringProperty("")
    side = NumericProperty(dp(80))
    person = ObjectProperty(None, allownone=True)


class AddCard(PressCard):
    """Leads to joining a school."""

    text = StringProperty("")


class View(ScreenView):
    """A card for each of the people; of many, for each of a class."""

    def build(self) -> None:
        """Add the languages at the top, the people in the middle, and the guest's way below."""
        self.grid: Any = None
        self._field: Any = None
        self.add_widget(self._top())
        edge = dp(16)
        if self.model.many:
            edge = max(edge, (self.app.surface.width - dp(COLUMN_DP)) / 2)
        column = Column(spacing=dp(16), padding=(edge, 0, edge, dp(8)))
        column.add_widget(Title(text=self.tr("who.title"), halign="center", font_size=sp(30)))
        page = Middle()
        if self.model.many:
            column.spacing = dp(14)
            self._add_many(column, page)
        else:
            column.add_widget(self._people())
        if not self.wide:
            column.add_widget(Muted(text=self.tr(self.model.footer), halign="center"))
        page.show(column)
        self.add_widget(page)
        self.add_widget(self._bottom())

    def refresh(self) -> None:
        """While somebody types a name, only the faces change."""
        if self._field is not None and self.model.finding:
            self._show_faces()
        else:
            super().refresh()

    def _top(self) -> Row:
        top = Row(padding=(dp(16), dp(12)))
        top.add_widget(Widget(size_hint_y=None, height=1))
        top.add_widget(LanguageSwitch(self.app.messages.language, self.app.set_language))
        return top

    def _bottom(self) -> Row:
        """The ways of those who are not here yet."""
        row = Row(padding=(dp(16), dp(8)))
        if self.wide:
            row.add_widget(Muted(text=self.tr(self.model.footer), pos_hint={"center_y": 0.5}))
        if self.model.many:
            row.add_widget(self._adding())
        guest = QuietButton(text=self.tr("who.guest"), icon="look", fills=not self.wide)
        guest.bind(on_release=lambda _: self.app.look_around())
        row.add_widget(guest)
        return row

    def _adding(self) -> Any:
        """The way of who is not here yet; on a narrow window there is room for its sign only."""
        if self.wide:
            add: Any = QuietButton(text=self.tr("who.add"), icon="plus")
        else:
            add = IconButton(icon="plus", hint=self.tr("who.add"))
        add.pos_hint = {"center_y": 0.5}
        add.bind(on_release=lambda _: self.app.go("enrol"))
        return add

    def _people(self) -> Tiles:
        count = len(self.model.people) + 1
        columns = 5 if count > 8 else 4 if count > 6 else 3 if count > 4 else count
        side = dp(148) if self.wide else dp(136)
        tiles = Tiles(min_width=side, max_width=side * 1.15, max_columns=columns, gap=dp(16))
        tiles.centred, tiles.equal = True, self.wide
        for one in self.model.shown:
            card = self._card()
            self._fill(card, one)
            tiles.add_widget(card)
        add = AddCard(text=self.tr("who.add"))
        add.bind(on_release=lambda _: self.app.go("enrol"))
        tiles.add_widget(add)
        return tiles

    def _add_many(self, column: Column, page: Middle) -> None:
        if self.model.finding:
            column.add_widget(self._search())
        elif self.wide or self.model.picking:
            column.add_widget(self._classes())
        else:
            column.add_widget(self._chosen())
        if self._picks:
            return
        self.grid = SeenTiles(self._small_card, self._fill, self._height_at)
        self.grid.follow(page)
        self._show_faces()
        column.add_widget(self.grid)

    @property
    def _picks(self) -> bool:
        """Whether the classes have the room: a narrow window does not show faces beside them."""
        return self.model.picking and not self.model.finding and not self.wide

    def _show_faces(self) -> None:
        self.grid.show(self.model.shown)

    def _class_name(self, name: str) -> str:
        return self.tr("who.teachers") if name == TEACHERS else name or self.tr("who.others")

    def _chosen(self) -> Row:
        """The class whose faces are shown, which leads to the others, and the search."""
        row = Row(spacing=dp(8))
        name = self._class_name(self.model.chosen)
        row.add_widget(QuietButton(text=name, icon="down", fills=True))
        row.children[0].bind(on_release=lambda _: self.model.pick())
        find = IconButton(icon="search", hint=self.tr("who.find"))
        find.bind(on_release=lambda _: self._find())
        row.add_widget(find)
        return row

    def _classes(self) -> Flow:
        flow = Flow(gap=dp(6), centred=True)
        for name in self.model.classes:
            lit = name == self.model.chosen and not self._picks
            button = SwitchButton(text=self._class_name(name), value=name, lit=lit)
            button.bind(on_release=lambda pressed: self.model.choose_class(pressed.value))
            flow.add_widget(button)
        find = QuietButton(text=self.tr("who.find"), icon="search")
        find.bind(on_release=lambda _: self._find())
        flow.add_widget(find)
        return flow

    def _search(self) -> Row:
        """A field to type the beginning of a name in; it is made when somebody wants it."""
        from client.widgets.text_field import TextField

        row = Row(
            spacing=dp(8), size_hint_x=None, width=min(dp(460), self.app.surface.width - dp(32))
        )
        row.pos_hint = {"center_x": 0.5}
        field = TextField(text=self.model.typed, hint_text=self.tr("who.find.hint"))
        field.bind(text=lambda _, text: self.model.look_for(text))
        field.bind(on_text_validate=lambda _: self._choose_only())
        close = IconButton(icon="close", hint=self.tr("who.find.stop"))
        close.bind(on_release=lambda _: self.model.stop_finding())
        row.add_widget(field)
        row.add_widget(close)
        self._field = field
        return row

    def _find(self) -> None:
        self._field = None
        self.model.find()
        self.app.ring.focus(self._field)

    def on_key(self, key: str) -> bool:
        """A letter begins to look for a name."""
        if not self.model.many or self.model.finding or len(key) != 1 or not key.isalpha():
            return False
        self._find()
        # The letter itself comes to the field as text, unless the machine was not typing yet.
        Clock.schedule_once(lambda _: self._begin_with(key), 0)
        return True

    def _begin_with(self, letter: str) -> None:
        if self._field is not None and not self._field.text:
            self._field.insert_text(letter)

    def on_back(self) -> bool:
        """Escape ends the search first."""
        if not self.model.finding:
            return False
        self.model.stop_finding()
        return True

    def _choose_only(self) -> None:
        """Enter chooses the one who is left."""
        if len(self.model.shown) == 1:
            self.app.approach(self.model.shown[0].person)

    def _card(self) -> PersonCard:
        card = PersonCard()
        card.bind(on_release=lambda pressed: self.app.approach(pressed.person))
        return card

    def _small_card(self) -> PersonCard:
        card = self._card()
        card.side = dp(SMALL_SIDE_DP)
        return card

    def _fill(self, card: PersonCard, one: Shown) -> None:
        person = one.person
        card.person, card.name, card.picture = person, one.name, person.picture
        card.person_name, card.role = person.name, self._role(one)

    def _role(self, one: Shown) -> str:
        words = [self.tr("who.teacher")] if one.person.is_teacher else []
        return " · ".join([*words, one.class_name] if one.class_name else words)

    def _height_at(self, shown: Sequence[Shown], width: float) -> float:
        room = width - dp(16)
        words = max(
            text_height(one.name, room, sp(NAME_SP))
            + (text_height(self._role(one), room, sp(SMALL_SP)) if self._role(one) else 0)
            for one in shown
        )
        return float(words + dp(SMALL_SIDE_DP + _CARD_REST_DP))


kv.load(__file__)
