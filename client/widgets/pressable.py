"""What can be pressed, by finger, mouse or keyboard."""

from __future__ import annotations

from kivy.uix.behaviors.button import ButtonBehavior

from client.widgets.focus import Focusable


class Pressable(Focusable, ButtonBehavior):
    """Mixin: dispatches ``on_release`` for a touch, Enter or Space. At least 48 dp high."""

    def activate(self) -> None:
        """Press it from the keyboard."""
        self.dispatch("on_press")
        self.dispatch("on_release")
