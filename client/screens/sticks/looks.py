"""How a stick's mood looks: the same on its page, over other screens and where it is written."""

from __future__ import annotations

from kivy.metrics import dp

from client.screens.sticks.model import (
    AGAIN,
    BUSY,
    CANCEL,
    DONE,
    EXCHANGE,
    PREPARE,
    QUIET,
    READY,
    RETRY,
    WRONG,
)
from client.theme.palette import palette
from client.widgets.card import PlateBox
from client.widgets.labels import Icon

MOODS = {
    QUIET: ("stick", "stone_tint", "muted"),
    READY: ("stick", "sun_tint", "ink"),
    BUSY: ("send", "sky_tint", "sky"),
    DONE: ("check", "green_tint", "green"),
    WRONG: ("attention", "rust_tint", "rust"),
}
"""Mood -> icon, ground, colour."""
ACT_ICONS = {
    EXCHANGE: "send",
    AGAIN: "replay",
    RETRY: "replay",
    PREPARE: "plus",
    CANCEL: "close",
}


def sign(mood: str) -> PlateBox:
    """A round sign for a mood."""
    icon, ground, ink = MOODS[mood]
    found = PlateBox(size_hint=(None, None), size=(dp(56), dp(56)), radius=dp(28))
    found.fill = palette.named(ground)
    found.pos_hint = {"center_y": 0.5}
    found.add_widget(Icon(icon=icon, font_size=dp(30), color=palette.named(ink)))
    return found
