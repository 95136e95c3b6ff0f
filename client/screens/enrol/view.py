"""Joining a school."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from client.screens.enrol.model import RIGHT, WRONG, grouped
from client.screens.view import ScreenView
from client.widgets import kv
from client.widgets.buttons import IconButton, PrimaryButton
from client.widgets.card import Card, Column, Row
from client.widgets.labels import Body, Strong, Title
from client.widgets.language_switch import LanguageSwitch
from client.widgets.page import Middle
from client.widgets.text_field import TextField


class HelpLine(Row):
    """An icon and a sentence under a field; both change while one types."""

    text = StringProperty("")
    icon = StringProperty("info")
    tone = StringProperty("muted")


class View(ScreenView):
    """Two fields, one button, and help at every step."""

    def build(self) -> None:
        """Lay out the form; later changes only touch its help, so that typing goes on."""
        self.add_widget(self._top())
        column = Column(padding=(dp(16), dp(4), dp(16), dp(24)), spacing=dp(16))
        column.size_hint_x = None
        column.width = min(dp(560), self.app.surface.width)
        self.bind(width=lambda _, width: setattr(column, "width", min(dp(560), width)))
        column.add_widget(Title(text=self.tr("enrol.title"), halign="center", font_size=sp(28)))
        column.add_widget(Body(text=self.tr("enrol.how"), halign="center"))
        column.add_widget(self._form())
        page = Middle()
        page.show(column)
        self.add_widget(page)
        self.refresh()

    def _top(self) -> Row:
        top = Row(padding=(dp(16), dp(12)))
        if self.model.can_go_back:
            back = IconButton(icon="back", hint=self.tr("enrol.back"))
            back.bind(on_release=lambda _: self.app.back())
            top.add_widget(back)
        top.add_widget(Widget(size_hint_y=None, height=1))
        top.add_widget(LanguageSwitch(self.app.messages.language, self.app.set_language))
        return top

    def _form(self) -> Card:
        card = Card(spacing=dp(8), padding=dp(20))
        self.address = TextField(text=self.model.address, hint_text="192.168.1.10:8000")
        self.address.input_type = "url"
        self.address.bind(text=lambda _, text: self.model.type_address(text))
        self.code = TextField(text=grouped(self.model.code), hint_text="0000 0000 0000 0000")
        self.code.input_type = "number"
        self.code.font_size = sp(24)
        self.code.bind(text=self._code_typed)
        self.address.bind(on_text_validate=lambda _: self.app.ring.focus(self.code))
        self.code.bind(on_text_validate=lambda _: self.model.join())
        self.help, self.error = HelpLine(), HelpLine()
        self.button = PrimaryButton(fills=True)
        self.button.bind(on_release=lambda _: self.model.join())
        for label, field in (("enrol.address", self.address), ("enrol.code", self.code)):
            card.add_widget(Strong(text=self.tr(label)))
            card.add_widget(field)
        for widget in (self.help, Widget(size_hint_y=None, height=dp(4)), self.button, self.error):
            card.add_widget(widget)
        return card

    def _code_typed(self, field: Any, text: str) -> None:
        self.model.type_code(text)
        wanted = grouped(self.model.code)
        if text != wanted:
            field.text = wanted
            Clock.schedule_once(lambda _: field.do_cursor_movement("cursor_end"), 0)

    def refresh(self) -> None:
        """Show what is known of the code and of the school's answer."""
        model = self.model
        if model.done:
            Clock.schedule_once(lambda _: self.app.home(), 0)
            return
        state = model.code_state
        self.help.text = self.tr(model.code_help)
        self.help.icon = {WRONG: "attention", RIGHT: "check_circle"}.get(state, "info")
        self.help.tone = {WRONG: "rust", RIGHT: "green"}.get(state, "muted")
        self.code.wrong = state == WRONG
        self.button.text = self.tr("enrol.busy" if model.busy else "enrol.join")
        self.button.icon = "link" if not model.busy else "clock"
        self.button.disabled = not model.ready
        self.error.text = self.tr(model.error) if model.error else ""
        self.error.icon, self.error.tone = ("attention", "rust") if model.error else ("", "muted")

    def scroll_position(self) -> float:
        """Stay at the top: the form is short."""
        return 0.0


kv.load(__file__)
