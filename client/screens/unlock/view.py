"""Opening one's work."""

from __future__ import annotations

from typing import Any, Sequence

from kivy.metrics import dp, sp

from client.screens.secret.choosing_view import choosing_pane
from client.screens.secret.pad_view import PadView
from client.screens.secret.pane import Asked, SecretPane, head_of, waiting
from client.screens.unlock.model import CODE_DIGITS, Page
from client.theme.palette import palette
from client.widgets.buttons import PrimaryButton, QuietButton
from client.widgets.card import Column
from client.widgets.labels import Body, Small
from sync.recovery import GROUP_DIGITS


class View(PadView):
    """The pad; and, for who forgot, the way by the teacher."""

    code: Any = None

    def build(self) -> None:
        """Build the page that the model is at."""
        self.code = None
        super().build()

    def hidden(self) -> None:
        """Leave nothing that was typed, the school's code least of all."""
        super().hidden()
        if self.code is not None:
            self.code.funbind("text", self._code_typed)
            self.code.text = ""

    def on_back(self) -> bool:
        """Go a page back before leaving."""
        return bool(self.model.back())

    def _is_over(self) -> bool:
        return bool(self.model.opened)

    def _shape(self) -> Any:
        choosing = self.model.choosing
        return self.model.page, choosing and (choosing.step, choosing.typed.kind)

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
        """Who helps: a pupil's teacher, and a teacher themselves with the school's sheet."""
        own = self.model.person.is_teacher
        halign = "center" if self.wide else "left"
        more = Body(text=self.tr("unlock.own.how" if own else "unlock.teacher.how"), halign=halign)
        typing = self.tr("unlock.own.type" if own else "unlock.teacher.type")
        go = PrimaryButton(text=typing, icon="key")
        go.fills = not self.wide
        go.pos_hint = {"center_x": 0.5}
        go.bind(on_release=lambda _: self.model.type_in())
        return self._column("unlock.own" if own else "unlock.teacher", (more, go))

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
            waits = waiting(model.wait_s)
            self.pane.tell(waits or model.problem, busy=model.busy, waits=waits is not None)
