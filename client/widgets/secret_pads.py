"""What a secret is pressed on: digits, or sixteen pictures."""

from __future__ import annotations

from typing import Any, Callable, Sequence, Tuple

from kivy.metrics import dp
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from client.widgets import kv
from client.widgets.card import Row
from client.widgets.plate import Plate
from client.widgets.pressable import Pressable

GAP_DP = 8
DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")
DOTS_SHOWN = 8
"""More would not fit a telephone; after so many nobody counts them."""


class DigitKey(Plate, Pressable, AnchorLayout):
    """One digit."""

    text = StringProperty("")


class PictureKey(Plate, Pressable, FloatLayout):
    """One picture; ``key`` is what chooses it on a keyboard, ``hint`` names it in words."""

    picture = StringProperty("")
    key = StringProperty("")
    hint = StringProperty("")


class SecretDots(Row):
    """As many dots as there are digits, letters or pictures, and rings for what is missing."""

    count = NumericProperty(0)
    shortest = NumericProperty(4)

    def signs(self, count: int, shortest: int) -> Tuple[int, int]:
        """Return how many dots and how many rings to draw."""
        dots = min(int(count), DOTS_SHOWN)
        return dots, max(0, min(int(shortest), DOTS_SHOWN) - dots)


class _Pad(GridLayout):
    """Keys of one size in columns."""

    def __init__(self, columns: int, width: float, **kwargs: Any) -> None:
        super().__init__(cols=columns, spacing=dp(GAP_DP), size_hint=(None, None), **kwargs)
        self.side = (width - (columns - 1) * dp(GAP_DP)) / columns
        self.bind(minimum_size=self.setter("size"))

    def key_size(self, key: Any, height: float) -> Any:
        """Give a key its size."""
        key.size_hint, key.size = (None, None), (self.side, height)
        return key


class DigitPad(_Pad):
    """Ten digits as on a telephone; ``press`` is called with the one pressed."""

    def __init__(self, width: float, press: Callable[[str], None]) -> None:
        super().__init__(3, width)
        for digit in DIGITS:
            key: Any = DigitKey(text=digit) if digit else Widget()
            if digit:
                key.bind(on_release=lambda pressed: press(pressed.text))
            self.add_widget(self.key_size(key, dp(60)))


class PicturePad(_Pad):
    """Sixteen pictures in fours, given as name, key that chooses it, and what it is called."""

    def __init__(
        self, width: float, press: Callable[[str], None], keys: Sequence[Tuple[str, str, str]]
    ) -> None:
        super().__init__(4, width)
        for picture, letter, hint in keys:
            key = PictureKey(picture=picture, key=letter, hint=hint)
            key.bind(on_release=lambda pressed: press(pressed.picture))
            self.add_widget(self.key_size(key, self.side))


kv.load(__file__)
