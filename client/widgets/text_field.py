"""A field to type in. Import it where it is needed: Kivy's text input opens the window."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kivy.app import App
from kivy.logger import Logger
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty

from client.theme.palette import palette
from client.theme.tokens import TARGET_DP
from client.widgets.focus import Focusable
from client.widgets.plate import Plate

# On a Linux desktop without xclip Kivy tells at length that it copies through SDL instead.
_level = Logger.level
Logger.setLevel(100)
import_module("kivy.core.clipboard")
from kivy.uix.textinput import TextInput  # noqa: E402

Logger.setLevel(_level)


class TextField(Plate, Focusable, TextInput):
    """A single- or multi-line field in our look, at least 48 dp high.

    ``wrong=True`` gives it the attention colour; say in words beside it what is wrong.
    ``right_answer=True`` gives it the colour of what is right.
    """

    wrong = BooleanProperty(False)
    right_answer = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("multiline", False)
        kwargs.setdefault("font_size", sp(18))
        kwargs.setdefault("write_tab", False)
        kwargs.setdefault("size_hint_y", None)
        super().__init__(**kwargs)
        self.background_normal = self.background_active = ""
        self.background_color = (0, 0, 0, 0)
        self.foreground_color, self.cursor_color = palette.ink, palette.sky
        self.hint_text_color, self.selection_color = palette.muted, (*palette.sky[:3], 0.25)
        self.fill = palette.surface
        self.bind(focus=self._colour, wrong=self._colour, right_answer=self._colour)
        self.bind(minimum_height=self._grow)
        self._colour()
        self._grow()

    def _colour(self, *_: Any) -> None:
        rest = palette.green if self.right_answer else palette.line
        focused = palette.sky if self.focus else rest
        self.outline = palette.rust if self.wrong else focused
        self.fill = palette.rust_tint if self.wrong else palette.surface
        self.fill = palette.green_tint if self.right_answer else self.fill
        self.outline_width = dp(2) if self.focus or self.wrong or self.right_answer else dp(1)
        self.focused = bool(self.focus)
        self._tell_ring()

    def _tell_ring(self) -> None:
        """Keep the app's ring right when a finger or mouse chose the field."""
        ring = getattr(App.get_running_app(), "ring", None)
        if ring is not None and self.focus:
            ring.claim(self)

    def _grow(self, *_: Any) -> None:
        space = max(dp(12), (dp(TARGET_DP) - self.line_height) / 2)
        self.padding = (dp(14), space, dp(14), space)
        self.height = max(dp(TARGET_DP), self.minimum_height)

    def take_focus(self) -> None:
        """Take the keyboard."""
        self.focus = True

    def drop_focus(self) -> None:
        """Give the keyboard back."""
        self.focus = False

    def keeps(self, key: str) -> bool:
        """Keep the keys that move the cursor or belong to the text."""
        if key in ("enter", "numpadenter"):
            return bool(self.multiline)
        inside = ("left", "right", "spacebar", "home", "end")
        return key in inside or (key in ("up", "down", "pageup", "pagedown") and self.multiline)

    def activate(self) -> None:
        """Enter in a single line confirms it."""
        self.dispatch("on_text_validate")

    def keyboard_on_key_down(self, window: Any, keycode: Any, text: str, modifiers: Any) -> Any:
        """Leave Tab and Escape to the app."""
        if keycode[1] in ("tab", "escape"):
            return False
        return super().keyboard_on_key_down(window, keycode, text, modifiers)
