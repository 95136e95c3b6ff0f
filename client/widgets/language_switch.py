"""Қаз, Рус, Eng: each in its own language, so that everyone finds theirs."""

from __future__ import annotations

from typing import Any, Callable

from kivy.properties import BooleanProperty, StringProperty

from client.widgets import kv
from client.widgets.buttons import BaseButton
from client.widgets.card import Row

NAMES = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}


class SwitchButton(BaseButton):
    """One of several; ``lit`` is the one in force."""

    lit = BooleanProperty(False)
    value = StringProperty("")


class LanguageSwitch(Row):
    """Three buttons; ``choose`` is called with the language pressed."""

    def __init__(self, language: str, choose: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for value, name in NAMES.items():
            button = SwitchButton(text=name, value=value, lit=value == language)
            button.bind(on_release=lambda pressed: choose(pressed.value))
            self.add_widget(button)


kv.load(__file__)
