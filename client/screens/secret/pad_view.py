"""What the two screens with a secret share: a page of steps, a pad that is typed on, a wait."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.screens.secret.pane import SecretPane
from client.screens.view import ScreenView
from client.widgets.buttons import IconButton
from client.widgets.card import Row
from client.widgets.language_switch import LanguageSwitch
from client.widgets.page import Middle

TICK_S = 1.0


class PadView(ScreenView):
    """Shows the page that the model is at; a subclass says which that is and what is on it."""

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
        if self._is_over():
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

    def on_key(self, key: str) -> bool:
        """Give the pad what is typed."""
        return isinstance(self.pane, SecretPane) and self.pane.takes(key)

    def _is_over(self) -> bool:
        """Tell whether the person may sit down now."""
        raise NotImplementedError

    def _shape(self) -> Any:
        """Say what of the model makes another page."""
        raise NotImplementedError

    def _content(self) -> Any:
        """Make what is on the page; ``pane`` is the pad, if there is one."""
        raise NotImplementedError

    def _tell(self) -> None:
        """Say on the page what the model says now."""
        raise NotImplementedError

    def _take_field(self) -> None:
        if isinstance(self.pane, SecretPane) and self.pane.field is not None:
            self.app.ring.focus(self.pane.field)

    def _top(self) -> Row:
        top = Row(padding=(dp(16), dp(12)))
        back = IconButton(icon="back", hint=self.tr("unlock.back"))
        back.bind(on_release=lambda _: self.app.back())
        top.add_widget(back)
        top.add_widget(Widget(size_hint_y=None, height=1))
        top.add_widget(LanguageSwitch(self.app.messages.language, self.app.set_language))
        return top
