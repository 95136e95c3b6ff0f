"""A window of its own for when there is no laptop to show: one sentence, and a way out.

Whoever opens Keruen by its icon sees no terminal, where the sentence stands as well.
"""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.core.window import Window
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from client.messages import Message, Messages
from client.screens.refused.card import refusal
from client.theme.palette import palette
from client.widgets.card import Row
from client.widgets.language_switch import LanguageSwitch

_LEAVING_KEYS = (13, 27, 271)
"""Enter, Escape, and Enter among the digits."""


class RefusedApp(App):
    """Shows a message until somebody closes it."""

    title = "Keruen"

    def __init__(self, message: Message, language: str) -> None:
        super().__init__(kv_file="", kv_directory="")
        self._message = message
        self._language = language
        self._surface = BoxLayout(orientation="vertical")

    def load_kv(self, filename: Any = None) -> bool:  # noqa: ARG002
        """There is no layout file; the widgets bring theirs."""
        return False

    def build(self) -> BoxLayout:
        """Show the sentence."""
        Window.clearcolor = palette.paper
        Window.bind(on_key_down=self._key_down)
        self._show(self._language)
        return self._surface

    def on_stop(self) -> None:
        """Hear no more keys."""
        Window.unbind(on_key_down=self._key_down)

    def _show(self, language: str) -> None:
        said = Messages(language)
        top = Row(padding=(dp(16), dp(12)))
        top.add_widget(Widget(size_hint_y=None, height=1))
        top.add_widget(LanguageSwitch(language, self._show))
        page = refusal(said, "refused.title", self._message, "refused.close", self.stop)
        self._surface.clear_widgets()
        self._surface.add_widget(top)
        self._surface.add_widget(page)

    def _key_down(self, _: Any, key: int, *__: Any) -> bool:
        if key in _LEAVING_KEYS:
            self.stop()
        return True
