"""Reading a card by camera instead of typing it; a part of the model of joining."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional, Protocol

from client.messages import Message

if TYPE_CHECKING:
    from client.video.camera import Camera
    from client.video.player import Picture
    from sync.card import Card


class Host(Protocol):
    """The model that takes what a card says."""

    def take_card(self, card: Card) -> None:
        """Take over a card's code and address."""

    @property
    def changed(self) -> Callable[[], None]:
        """Tell the view."""


def open_camera(seen: Callable[[Picture], bool]) -> Optional[Camera]:
    """Open this machine's camera; None where it has none, or nothing that reads a card."""
    from client.video.camera import Camera, cameras
    from client.video.card_reader import can_read

    sources = cameras() if can_read() else []
    return Camera(sources, seen) if sources else None


class Scanning:
    """``on`` while the camera looks; ``problem`` says why it cannot."""

    def __init__(
        self, model: Host, opened: Callable[[Any], Optional[Camera]] = open_camera
    ) -> None:
        self._model = model
        self._open = opened
        self._camera: Optional[Camera] = None
        self._card: Optional[Card] = None
        self.problem: Optional[Message] = None

    @property
    def on(self) -> bool:
        """Whether the camera looks."""
        return self._camera is not None

    def start(self) -> None:
        """Look for a card."""
        if self._camera is not None:
            return
        self._card, self.problem = None, None
        self._camera = self._open(self._seen)
        if self._camera is None:
            self.problem = Message("enrol.camera.none")
        self._model.changed()

    def stop(self) -> None:
        """Look no more."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None
            self._model.changed()

    def look(self) -> Optional[Picture]:
        """Return the newest picture, and go on with a card that was seen. Called now and then."""
        camera = self._camera
        if camera is None:
            return None
        if self._card is not None:
            camera.close()
            self._camera = None
            # Before the view is told, which builds the fields from what the model has.
            self._model.take_card(self._card)
            return None
        if camera.failed:
            self.problem = Message("enrol.camera.failed")
            self.stop()
            return None
        return camera.take_picture()

    def _seen(self, picture: Picture) -> bool:
        """Asked on the camera's thread."""
        from client.video.card_reader import card_in

        self._card = card_in(picture)
        return self._card is not None
