"""Buttons: an icon, words, or both; at least 48 dp high, wrapping when there is no room.

PrimaryButton acts (sky), SunButton is the one thing to do now, QuietButton is outlined, and
IconButton is a square with an icon, whose ``hint`` says in words what it does.
All dispatch ``on_release``.
"""

from __future__ import annotations

from typing import Any, Tuple

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.theme.tokens import SPACE_DP, TARGET_DP
from client.widgets import kv
from client.widgets.labels import Icon
from client.widgets.measure import fitting_size
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable


class BaseButton(Plate, Pressable, Widget):
    """What the others share: an icon and words in the middle of a plate.

    As wide as its content unless ``fills`` is true; then as wide as its parent lets it be.
    """

    text = StringProperty("")
    icon = StringProperty("")
    ink = ColorProperty(palette.ink)
    pressed_fill = ColorProperty(palette.ink)
    rest_fill = ColorProperty(palette.ink)
    fills = BooleanProperty(False)
    font_size = NumericProperty(16)
    padding = NumericProperty(dp(20))
    max_width = NumericProperty(0)
    """Words wrap beyond this width in pixels; 0: no limit."""

    def __init__(self, **kwargs: Any) -> None:
        # No Text: its rule sets the width that words wrap at, which is decided here.
        self._words = Label(bold=True, halign="center", size_hint=(None, None))
        self._icon = Icon()
        self._measured_for: Tuple[str, float] = ("", 0.0)
        self._measured = 0.0
        self._place = Clock.create_trigger(self._layout, -1)
        super().__init__(**kwargs)
        for watched in ("pos", "size", "text", "icon", "fills", "max_width", "ink", "disabled"):
            self.fbind(watched, self._changed)
        self._words.bind(texture_size=self._changed)
        self._changed()
        self._layout()

    def _changed(self, *_: Any) -> None:
        self._place()

    def _natural(self) -> float:
        """Width in pixels of the content and its padding, on one line."""
        gap = dp(SPACE_DP["s"]) if self.text and self.icon else 0
        icon = self._icon.width if self.icon else 0
        return float(icon + gap + self._one_line() + 2 * self.padding)

    def _one_line(self) -> float:
        """Width of the words unwrapped; measured once, or wrapping would never come to rest."""
        key = (self.text, self.font_size)
        if self._measured_for != key:
            words = self._words
            words.text_size = (None, None)
            words.text, words.font_size = key
            words.texture_update()
            self._measured_for, self._measured = key, float(words.texture_size[0])
        return self._measured if self.text else 0.0

    def _layout(self, *_: Any) -> None:
        words, icon = self._words, self._icon
        for child, shown in ((icon, bool(self.icon)), (words, bool(self.text))):
            if shown and child.parent is None:
                self.add_widget(child)
            elif not shown and child.parent is not None:
                self.remove_widget(child)
        icon.icon, icon.font_size = self.icon, self.font_size * 1.35
        icon.size = (icon.font_size, icon.font_size)
        words.color = icon.color = palette.muted if self.disabled else self.ink
        words.disabled_color = icon.disabled_color = palette.muted
        natural = self._natural()
        if not self.fills:
            self.width = min(natural, self.max_width) if self.max_width else natural
        gap = dp(SPACE_DP["s"]) if self.text and self.icon else 0
        taken = (icon.width if self.icon else 0) + gap
        room = self.width - 2 * self.padding - taken
        wraps = bool(self.text) and natural > self.width + 1 and room > 0
        room = self.width - 2 * min(self.padding, dp(10)) - taken
        fitting = fitting_size([self.text], self.font_size, room, bold=True) if wraps else 0
        words.font_size = fitting or self.font_size
        words.text_size = (room, None) if wraps else (None, None)
        words.texture_update()
        self.height = max(dp(TARGET_DP), (words.texture_size[1] if self.text else 0) + dp(16))
        words.size = words.texture_size
        content = taken + (words.width if self.text else 0)
        icon.pos = (round(self.center_x - content / 2), round(self.center_y - icon.height / 2))
        words.pos = (
            round(self.center_x - content / 2 + taken),
            round(self.center_y - words.height / 2),
        )


class PrimaryButton(BaseButton):
    """Sky: the main action of a screen."""


class SunButton(BaseButton):
    """Sun: the one thing to do now. At most one on a screen."""


class QuietButton(BaseButton):
    """Outlined: everything else that can be done."""


class IconButton(BaseButton):
    """An icon in a square of 48 dp; ``hint`` names it for tests and, later, for readers."""

    hint = StringProperty("")


kv.load(__file__)
