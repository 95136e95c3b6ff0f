"""What every screen's view has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Optional, Union

from kivy.properties import BooleanProperty
from kivy.uix.boxlayout import BoxLayout

from client.messages import Message

if TYPE_CHECKING:
    from client.app import KeruenApp

_PAGES = {"pageup": -0.9, "pagedown": 0.9, "home": -1e9, "end": 1e9}
"""How far these keys scroll, in heights of what is seen."""


class ScreenView(BoxLayout):
    """A screen on the window: builds itself from its model in ``build``.

    ``wide`` is fixed for a view's life: crossing 700 dp builds a new one.
    """

    wide = BooleanProperty(True)

    def __init__(self, app: KeruenApp, model: Any, wide: bool) -> None:
        super().__init__(orientation="vertical", wide=wide)
        self.app = app
        self.model = model
        self.build()
        model.listen(self.refresh)

    def build(self) -> None:
        """Add the widgets. Called once, before the view is on the window."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Show the model's new state; unless a screen does better, everything is built anew."""
        scroll = self.scroll_position()
        self.clear_widgets()
        self.build()
        self.scroll_to_position(scroll)

    def tr(self, message: Union[Message, str], **values: Any) -> str:
        """Say a message in the language of the moment."""
        return self.app.messages.text(message, **values)

    def choose(self, text: Mapping[str, str]) -> str:
        """Choose the language of a pack's text."""
        return self.app.messages.choose(text)

    def on_key(self, key: str) -> bool:  # noqa: ARG002
        """Handle a key before the focus does; return whether it was used."""
        return False

    def takes_key(self, key: str) -> bool:
        """Let the screen use a key, or scroll by it; return whether it was used."""
        return self.on_key(key) or self._turn_page(key)

    def _turn_page(self, key: str) -> bool:
        """Scroll by a page or to an end, for who reads without a mouse."""
        scroller = self.scroller()
        if key not in _PAGES or scroller is None or not scroller.children:
            return False
        hidden = scroller.children[0].height - scroller.height
        if hidden > 0:
            moved = scroller.scroll_y - _PAGES[key] * scroller.height / hidden
            scroller.scroll_y = min(1.0, max(0.0, moved))
        return True

    def on_back(self) -> bool:
        """Handle Escape or the phone's back; return True when there was something to close here."""
        return False

    def shown(self) -> None:
        """Start what needs the window. Called after every (re)building."""

    def hidden(self) -> None:
        """Stop video and timers: this view is being thrown away (its model perhaps not)."""

    def scroller(self) -> Optional[Any]:
        """Return the widget whose scroll position is kept, if there is one."""
        return next((child for child in self.children if hasattr(child, "scroll_y")), None)

    def scroll_position(self) -> float:
        """How far the screen is scrolled, as pixels from its top."""
        scroller = self.scroller()
        if scroller is None:
            return 0.0
        from client.widgets.scrolling import pixels_from_top

        return pixels_from_top(scroller)

    def scroll_to_position(self, pixels: float) -> None:
        """Scroll back to where :meth:`scroll_position` was."""
        scroller = self.scroller()
        if scroller is None or pixels <= 0:
            return
        from client.widgets.scrolling import scroll_when_laid_out

        scroll_when_laid_out(scroller, pixels)
