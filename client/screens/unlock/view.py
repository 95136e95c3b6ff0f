"""Opening one's work."""

from __future__ import annotations

from typing import Any, Sequence

from kivy.clock import Clock
from kivy.metrics import dp, sp
from kivy.uix.widget import Widget

from client.messages import Message
from client.screens.secret.choosing_view import choosing_pane
from client.screens.secret.pane import Asked, SecretPane, head_of
from client.screens.unlock.model import CODE_DIGITS, Page
from client.screens.view import ScreenView
from client.theme.palette import palette
from client.widgets.buttons import IconButton, PrimaryButton, QuietButton
from client.widgets.card import Column, Row
from client.widgets.labels import Body, Small
from client.widgets.language_switch import LanguageSwitch
from client.widgets.page import Middle
from sync.recovery import GROUP_DIGITS

TICK_S = 1.0


class View(ScreenView):
    """The pad; and, for who forgot, the way by the teacher."""

    _clock: Any = None

    def build(self) -> None:
        """Build the page that the model is at."""
        self.pane: Any = None
        self.code: Any = None
        self._built_for = self._shape()
        self.add_widget(self._top())
        page = Middle()
        page.show(self._content())
        self.add_widget(page)
        self._tell()

    def refresh(self) -> None:
        """Change what is said in place while the page is the same, so that typing goes on."""
        if self.model.opened:
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
        if self.code is not None:
            self.code.funbind("text", self._code_typed)
            self.code.text = ""

    def _take_field(self) -> None:
        if isinstance(self.pane, SecretPane) and self.pane.field is not None:
            self.app.ring.focus(self.pane.field)

    def on_key(self, key: str) -> bool:
        """Give the pad what is typed."""
        return isinstance(self.pane, SecretPane) and self.pane.takes(key)

    def on_back(self) -> bool:
        """Go a page back before leaving."""
        return bool(self.model.back())

    def _shape(self) -> Any:
        choosing = self.model.choosing
        return self.model.page, choosing and (choosing.step, choosing.typed.kind)

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
        if model.page is Page.TEACHER:
            return self._teacher()
        if model.page is Page.CODE:
            return self._code()
        if model.page is Page.NEW and model.choosing is not None:
            self.pane = choosing_pane(self, model.person, model.choosing, model.submit_new, ())
        else:
            forgot = self._way("unlock.forgot", "hint", model.forgot)
            asked = Asked("unlock." + model.kind, model.typed, model.shortest, model.submit)
            self.pane = SecretPane(self, model.person, asked, (forgot,))
        return self.pane

    def _way(self, key: str, icon: str, act: Any) -> QuietButton:
        button = QuietButton(text=self.tr(key), icon=icon, fills=not self.wide)
        button.bind(on_release=lambda _: act())
        return button

    def _column(self, words: str, widgets: Sequence[Any]) -> Column:
        column = Column(spacing=dp(16), size_hint_x=None)
        column.width = min(dp(560), self.app.surface.width - dp(32))
        column.add_widget(head_of(self, self.model.person, words))
        for widget in widgets:
            column.add_widget(widget)
        return column

    def _teacher(self) -> Column:
        halign = "center" if self.wide else "left"
        more = Body(text=self.tr("unlock.teacher.how"), halign=halign)
        go = PrimaryButton(text=self.tr("unlock.teacher.type"), icon="key")
        go.fills = not self.wide
        go.pos_hint = {"center_x": 0.5}
        go.bind(on_release=lambda _: self.model.type_in())
        return self._column("unlock.teacher", (more, go))

    def _code(self) -> Column:
        """Eight groups of five digits, as they stand on the school's sheet."""
        from client.widgets.digits_field import DigitsField

        model = self.model
        self.code = DigitsField(model.code, CODE_DIGITS, GROUP_DIGITS, multiline=True)
        self.code.font_size = sp(22)
        self.code.keyboard_suggestions = False
        self.code.fbind("text", self._code_typed)
        self.code.bind(on_text_validate=lambda _: model.choose_new())
        self._help = Small(text="")
        self._on = PrimaryButton(text=self.tr("unlock.code.on"), icon="next", fills=True)
        self._on.bind(on_release=lambda _: model.choose_new())
        return self._column("unlock.code", (self.code, self._help, self._on))

    def _code_typed(self, _: Any, text: str) -> None:
        self.model.type_code(text)

    def _tell(self) -> None:
        model = self.model
        if model.page is Page.CODE:
            wrong = bool(model.wrong_group or model.problem)
            self._help.text = self.tr(model.problem or model.code_help)
            self._help.color = palette.rust if wrong else palette.muted
            self.code.wrong = wrong
            self._on.disabled = not model.code_ready or model.busy
        elif model.page is Page.NEW and isinstance(self.pane, SecretPane):
            said = model.choosing.problem if model.choosing is not None else None
            self.pane.tell(model.problem or said, busy=model.busy)
        elif isinstance(self.pane, SecretPane):
            wait_s = model.wait_s
            waits = Message("error.vault-wait", {"n": wait_s}) if wait_s else None
            self.pane.tell(waits or model.problem, busy=model.busy, waits=bool(wait_s))
