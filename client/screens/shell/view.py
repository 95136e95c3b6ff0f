"""The frame: the places beside or under a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from client.laptop.people.calling import first_name
from client.screens.registry import PLACE_ICONS, places
from client.widgets import kv
from client.widgets.rail import BottomBar, PlaceButton, Rail

if TYPE_CHECKING:
    from client.app import KeruenApp


class PersonButton(PlaceButton):
    """Who sits here; pressing it lets somebody else sit down."""

    def __init__(self, name: str, picture: str, **kwargs: Any) -> None:
        self.name, self.picture = name, picture
        super().__init__(text=first_name(name), **kwargs)
        self.ids.avatar.name, self.ids.avatar.picture = name, picture


class Shell(BoxLayout):
    """A screen's view with the places around it."""

    def __init__(self, app: KeruenApp, view: Any, place: str) -> None:
        super().__init__(orientation="horizontal" if app.wide else "vertical")
        self.app, self.place = app, place
        if app.wide:
            self.add_widget(self._rail())
            self.add_widget(view)
        else:
            self.add_widget(view)
            self.add_widget(self._bar())

    def _rail(self) -> Rail:
        rail, person = Rail(), self.app.person
        if person is not None:
            button = PersonButton(person.name, person.picture)
            button.bind(on_release=lambda _: self.app.sign_out())
            rail.add_widget(button)
        for button in self._buttons():
            if button.icon == PLACE_ICONS["send"]:
                rail.add_widget(Widget())
            rail.add_widget(button)
        if person is None:
            rail.add_widget(Widget())
        rail.add_widget(self._way_out())
        return rail

    def _bar(self) -> BottomBar:
        bar = BottomBar()
        for button in self._buttons():
            bar.add_widget(button)
        bar.add_widget(self._way_out())
        return bar

    def _way_out(self) -> PlaceButton:
        """Locks what is whoever's who sits here; without a vault there is nothing to lock."""
        name = "lock" if self.app.sitting.locks() else "leave"
        button = PlaceButton(text=self.app.messages.text("shell." + name), icon=name)
        button.bind(on_release=lambda _: self.app.sign_out())
        return button

    def _buttons(self) -> Any:
        for name in places(self.app.person):
            text = self.app.messages.text("shell." + name)
            button = PlaceButton(text=text, icon=PLACE_ICONS[name], lit=name == self.place)
            button.bind(on_release=lambda _, name=name: self.app.open_place(name))
            yield button


kv.load(__file__)
