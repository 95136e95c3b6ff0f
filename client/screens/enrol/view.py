"""Joining a school."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from client.screens.enrol.model import CODE_DIGITS, GROUP_DIGITS, RIGHT, WRONG
from client.screens.view import ScreenView
from client.widgets import kv
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Card, Column, Row
from client.widgets.choice_row import ChoiceRow
from client.widgets.digits_field import DigitsField
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

    _clock: Any = None
    _once: Any = None

    def build(self) -> None:
        """Lay out the form; later changes only touch its help, so that typing goes on."""
        self._stage: Any = None
        self.add_widget(self._top())
        column = Column(padding=(dp(16), dp(4), dp(16), dp(24)), spacing=dp(16))
        column.size_hint_x = None
        column.width = min(dp(560), self.app.surface.width)
        self.bind(width=lambda _, width: setattr(column, "width", min(dp(560), width)))
        title, how = self.tr(self.model.title), self.tr(self.model.how)
        column.add_widget(Title(text=title, halign="center", font_size=sp(28)))
        column.add_widget(Body(text=how, halign="center"))
        self._looking = self.model.scanning.on
        column.add_widget(self._camera() if self._looking else self._form())
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
        self.code = DigitsField(
            self.model.code, CODE_DIGITS, GROUP_DIGITS, hint_text="0000 0000 0000 0000"
        )
        self.code.font_size = sp(24)
        self.code.bind(text=self._code_typed)
        self.address.bind(on_text_validate=lambda _: self.app.ring.focus(self.code))
        self.code.bind(on_text_validate=lambda _: self.model.join())
        self.help, self.error = HelpLine(), HelpLine()
        self.button = PrimaryButton(fills=True)
        self.button.bind(on_release=lambda _: self.model.join())
        self.by_stick = HelpLine(icon="", tone="green")
        asked = [("enrol.address", (self.address, self.by_stick)), ("enrol.code", (self.code,))]
        if self.model.can_go_back and self.model.address:
            # The address is known: the code is what somebody came to type.
            asked.reverse()
        for label, fields in asked:
            card.add_widget(Strong(text=self.tr(label)))
            for field in fields:
                card.add_widget(field)
        scan = QuietButton(text=self.tr("enrol.camera"), icon="card", fills=True)
        scan.bind(on_release=lambda _: self.model.scanning.start())
        gap = Widget(size_hint_y=None, height=dp(4))
        self._once = ChoiceRow(text=self.tr("enrol.for-once"), several=True)
        self._once.bind(on_release=lambda _: self.model.toggle_for_once())
        choices = [self._once] if self.model.can_go_back else []
        for widget in (self.help, *choices, gap, self.button, scan, self.error):
            card.add_widget(widget)
        return card

    def _camera(self) -> Card:
        """What the camera sees, and the way back to typing."""
        from client.widgets.video_stage import VideoStage

        card = Card(spacing=dp(12), padding=dp(20))
        self._stage = VideoStage(size_hint_y=None, waiting=False)
        self._stage.notice = self.tr("enrol.camera.opening")
        self._stage.bind(width=self._shape, shape=self._shape)
        stop = PrimaryButton(text=self.tr("enrol.camera.stop"), icon="keyboard", fills=True)
        stop.bind(on_release=lambda _: self.model.scanning.stop())
        card.add_widget(self._stage)
        card.add_widget(stop)
        return card

    def _shape(self, stage: Any, _: Any) -> None:
        stage.height = round(min(stage.width * stage.shape, self.app.surface.height * 0.5))

    def _look(self, _: float) -> None:
        picture = self.model.scanning.look()
        if picture is not None and self._stage is not None:
            self._stage.notice = ""
            self._stage.show_frame(picture)

    def shown(self) -> None:
        """Look through the camera, some times a second."""
        self._clock = Clock.schedule_interval(self._look, 0.1)

    def hidden(self) -> None:
        """Look no more; the camera goes on, for this view may only be built anew."""
        if self._clock is not None:
            self._clock.cancel()

    def on_back(self) -> bool:
        """Escape ends the camera first."""
        if not self.model.scanning.on:
            return False
        self.model.scanning.stop()
        return True

    def _code_typed(self, _: Any, text: str) -> None:
        self.model.type_code(text)

    def refresh(self) -> None:
        """Show what is known of the code and of the school's answer."""
        model = self.model
        if model.done:
            Clock.schedule_once(lambda _: self.app.home(), 0)
            return
        if model.scanning.on != self._looking:
            self.app.ring.focus(None)
            self.clear_widgets()
            self.build()
            return
        if self._looking:
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
        self._once.chosen = model.for_once
        error = model.error or model.scanning.problem
        self.error.text = self.tr(error) if error else ""
        self.error.icon, self.error.tone = ("attention", "rust") if error else ("", "muted")

    def scroll_position(self) -> float:
        """Stay at the top: the form is short."""
        return 0.0


kv.load(__file__)
