"""Choosing what opens one's work."""

from __future__ import annotations

from typing import Any

from kivy.metrics import dp

from client.screens.secret.choosing_view import choosing_pane
from client.screens.secret.model import Page
from client.screens.secret.pad_view import PadView
from client.screens.secret.pane import Asked, SecretPane, head_of, waiting
from client.theme.palette import palette
from client.widgets.buttons import PrimaryButton, QuietButton
from client.widgets.card import Column
from client.widgets.labels import Icon


class View(PadView):
    """What is known now, then the new secret twice, then the way on."""

    def on_back(self) -> bool:
        """Go a step back before leaving."""
        model = self.model
        return bool(model.busy or (model.page is Page.NEW and model.choosing.back()))

    def _is_over(self) -> bool:
        return self.model.page is Page.DONE and self.app.person is None

    def _shape(self) -> Any:
        model = self.model
        return model.page, model.choosing.step, model.typed.kind

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
            waits = waiting(model.wait_s())
            self.pane.tell(waits or model.said, busy=model.busy, waits=waits is not None)
