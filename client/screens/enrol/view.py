"""Joining a school."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from client.screens.enrol.model import RIGHT, WRONG, digit_meant, digits_of, grouped
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


class CodeField(TextField):
    """Sixteen digits in groups of four, however they are typed or pasted."""

    def insert_text(self, substring: str, from_undo: bool = False) -> None:
        """Take the digits of what is typed, at the cursor, and group all anew.

        Done at once and not a frame later: on a slow machine several digits come within a frame.
        """
        if from_undo:
            super().insert_text(substring, from_undo=True)
            return
        if len(substring) == 1:
            substring = digit_meant(substring)
        at = self.cursor_index()
        before = digits_of(self.text[:at] + substring)
        text = grouped(digits_of(before + self.text[at:]))
        self.select_all()
        self.delete_selection()
        super().insert_text(text)
        reached = min(len(grouped(before)), len(text))
        self.cursor = self.get_cursor_from_index(reached)


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
        self.code = CodeField(text=grouped(self.model.code), hint_text="0000 0000 0000 0000")
        self.code.input_type = "number"
        self.code.font_size = sp(24)
        self.code.bind(text=self._code_typed)
        self.address.bind(on_text_validate=lambda _: self.app.ring.focus(self.code))
        self.code.bind(on_text_validate=lambda _: self.model.join())
        self.help, self.error = HelpLine(), HelpLine()
        self.button = PrimaryButton(fills=True)
        self.button.bind(on_release=lambda _: self.model.join())
        self.by_stick = HelpLine(icon="", tone="green")
        for label, fields in (
            ("enrol.address", (self.address, self.by_stick)),
            ("enrol.code", (self.code,)),
        ):
            card.add_widget(Strong(text=self.tr(label)))
            for field in fields:
                card.add_widget(field)
        for widget in (self.help, Widget(size_hint_y=None, height=dp(4)), self.button, self.error):
            card.add_widget(widget)
        return card

    def _code_typed(self, _: Any, text: str) -> None:
        self.model.type_code(text)

    def refresh(self) -> None:
        """Show what is known of the code and of the school's answer."""
        model = self.model
        if model.done:
            Clock.schedule_once(lambda _: self.app.home(), 0)
            return
        stick = model.stick
        self.by_stick.text = self.tr("enrol.stick", name=stick.name) if stick else ""
        self.by_stick.icon = "stick" if stick else ""
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
