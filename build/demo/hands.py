"""What a person does at the window: presses what they read, types, waits, takes a picture."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Iterator

from client.laptop.laptop import Laptop
from client.widgets.pressable import Pressable
from tests.support.screens import Stage, stage, walk

STEP_S = 0.02
PATIENCE_S = 60.0
PIN = "27051983"
"""What everybody here locks their work with, who does."""


class Hands:
    """Somebody sitting at one laptop, with finger and keyboard; a context manager."""

    def __init__(self, laptop: Laptop, language: str, pictures: Path) -> None:
        self.stage: Stage = stage(laptop, language)
        self.app = self.stage.app
        self._pictures = pictures

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, *_: object) -> None:
        self.stage.close()

    def say(self, key: str, **values: Any) -> str:
        """Return a message as it stands on the screen."""
        return str(self.app.messages.text(key, **values))

    def pressables(self) -> Iterator[Any]:
        """All that can be pressed now, from the top."""
        return (one for one in walk(self.app.root) if isinstance(one, Pressable))

    def pressables_named(self, name: str) -> Iterator[Any]:
        """Those of one class, by its name."""
        return (one for one in self.pressables() if type(one).__name__ == name)

    def with_hint(self, hint: str) -> Any:
        """The button without words whose hint says this.

        Raises:
            LookupError: there is none.
        """
        for one in self.pressables():
            if getattr(one, "hint", "") == hint:
                return one
        raise LookupError(f"no button means: {hint}")

    def press_words(self, words: str) -> None:
        """Press the thing on which these words stand.

        Raises:
            LookupError: nothing here bears them.
        """
        for one in self.pressables():
            if words in {getattr(part, "text", "") for part in walk(one)}:
                self.press(one)
                return
        raise LookupError(f"nothing to press says: {words}")

    def press(self, widget: Any) -> None:
        """Bring a widget into view and touch it."""
        scroller = self.app.view.scroller()
        if scroller is not None and widget in set(walk(scroller)):
            scroller.scroll_to(widget, animate=False)
            self.stage.settle()
        self.stage.press(widget)

    def fill(self, field: Any, text: str) -> None:
        """Press a field and type into it."""
        self.press(field)
        self.stage.type(text)

    def fields(self) -> Any:
        """The text fields on the screen, from the top."""
        return [
            one
            for one in walk(self.app.root)
            if any(kind.__name__ == "TextField" for kind in type(one).__mro__)
        ]

    def until(self, so: Callable[[], bool], what: str) -> None:
        """Let the programme run until something is so.

        Raises:
            TimeoutError: it did not come about; ``what`` says what.
        """
        end_s = time.monotonic() + PATIENCE_S
        while not so():
            if time.monotonic() > end_s:
                raise TimeoutError(f"waited in vain until {what}")
            self.stage.settle(1)
            time.sleep(STEP_S)
        self.stage.settle()

    def run_for(self, seconds: float) -> None:
        """Let the programme run for a while."""
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            self.stage.settle(1)
            time.sleep(STEP_S)

    def until_tried(self) -> None:
        """Let the programme try to send by itself once, whatever comes of it."""
        courier = self.app.courier
        courier.account = None
        self.until(lambda: courier.account is not None and not courier.running, "it tried to send")

    def sync(self) -> Any:
        """Open the place where work is sent, send, and return the account."""
        self.app.open_place("send")
        courier = self.app.courier
        self.until(lambda: not courier.running, "the sync before ended")
        courier.account = None
        courier.send_now()
        self.until(lambda: courier.account is not None and not courier.running, "a sync ended")
        return courier.account

    def sit_down_again(self, name: str = "") -> None:
        """Be the first person of this laptop, or the one of this name."""
        people = self.app.laptop.people()
        self.app.approach(next(one for one in people if name in ("", one.name)))
        self.stage.settle()
        if self.app.history[-1].name == "unlock":
            self.type_pin()
        self.until(lambda: self.app.person is not None, "the vault opened")

    def type_pin(self) -> None:
        """Type the PIN that everybody has here, on the keyboard."""
        for digit in PIN:
            self.stage.key(digit)
        self.stage.key("enter")

    def place_picture(self, place: str) -> str:
        """Open a place of the rail and take its picture."""
        self.app.open_place(place)
        self.run_for(0.3)
        return self.picture(place)

    def picture(self, name: str) -> str:
        """Save what is on the window; returns the file's name."""
        self.stage.settle()
        self.stage.shot(self._pictures / f"{name}.png")
        return f"{name}.png"
