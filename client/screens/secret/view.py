"""Choosing what opens one's work."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.screens.secret.choosing_view import choosing_pane
from client.screens.secret.model import Page
from client.screens.secret.pane import Asked, SecretPane, head_of
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Column, Row
from client.widgets.labels import Icon
from client.widgets.language_switch import LanguageSwitch
from client.widgets.page import Middle

TICK_S = 1.0


class View(ScreenView):
    """What is known now, then the new secret twice, then the way on."""

    _clock: Any = None

    def build(self) -> None:
        """Build the page that the model is at."""
        self.pane: Any = None
        self._built_for = self._shape()
        self.add_widget(self._top())
        page = Middle()
        page.show(self._content())
        self.add_widget(page)
        self._tell()

    def refresh(self) -> None:
        """Change what is said in place while the page is the same, so that typing goes on."""
        if self.model.page is Page.DONE and self.app.person is None:
            self.app.sign_in(self.model.person)
        elif self._built_for != self._shape():
            self.app.ring.focus(None)
            super().refresh()
            self._take_field()
        else:
            self._tell()

    def shown(self) -> None:
        """Count the wait down, and let a password be typed at once."""
        self._take_field()
        self._clock = Clock.schedule_interval(lambda _: self._tell(), TICK_S)

    def hidden(self) -> None:
        """Stop counting, and leave nothing that was typed."""
        if self._clock is not None:
            self._clock.cancel()
        if isinstance(self.pane, SecretPane):
            self.pane.forget()

    def _take_field(self) -> None:
        if isinstance(self.pane, SecretPane) and self.pane.field is not None:
            self.app.ring.focus(self.pane.field)

    def on_key(self, key: str) -> bool:
        """Give the pad what is typed."""
        return isinstance(self.pane, SecretPane) and self.pane.takes(key)

    def on_back(self) -> bool:
        """Go a step back before leaving."""
        model = self.model
        return bool(model.busy or (model.page is Page.NEW and model.choosing.back()))

    def _shape(self) -> Any:
        model = self.model
        return model.page, model.choosing.step, model.typed.kind

    def _top(self) -> Row:
        top = Row(padding=(dp(16), dp(12)))
        back = IconButton(icon="back", hint=self.tr("unlock.back"))
        back.bind(on_release=lambda _: self.app.back())
        top.add_widget(back)
        top.add_widget(Widget(size_hint_y=None, height=1))
        top.add_widget(LanguageSwitch(self.app.messages.language, self.app.set_language))
        return top

    def _content(self) -> Any:
        model = self.model
        if model.page is Page.DONE:
            return self._done()
        if model.page is Page.OLD:
            asked = Asked("secret.old", model.old, 0, model.submit)
            self.pane = SecretPane(self, model.person, asked)
        else:
            ways = [self._later()] if model.may_wait else []
            self.pane = choosing_pane(self, model.person, model.choosing, model.submit, ways)
        return self.pane

    def _later(self) -> QuietButton:
        later = QuietButton(text=self.tr("secret.not-now"), icon="clock", fills=not self.wide)
        later.bind(on_release=lambda _: self._not_now())
        return later

    def _not_now(self) -> None:
        """Somebody sits here already when they came from the settings."""
        if self.app.person is not None:
            self.app.back()
        else:
            self.model.not_now()
            self.app.sign_in(self.model.person)

    def _done(self) -> Column:
        column = Column(spacing=dp(16), size_hint_x=None)
        column.width = min(dp(480), self.app.surface.width - dp(32))
        sign = Icon(icon="check_circle", font_size=dp(56), color=palette.green)
        sign.pos_hint = {"center_x": 0.5}
        column.add_widget(sign)
        column.add_widget(head_of(self, self.model.person, "secret.done"))
        on = PrimaryButton(text=self.tr("secret.go-on"), icon="next", pos_hint={"center_x": 0.5})
        on.bind(on_release=lambda _: self.app.back())
        column.add_widget(on)
        return column

    def _tell(self) -> None:
        model = self.model
        if isinstance(self.pane, SecretPane):
            wait_s = model.wait_s()
            self.pane.tell(model.said, busy=model.busy, waits=wait_s > 0)
