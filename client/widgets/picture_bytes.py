"""A picture that was opened into memory, as large as its column lets it be."""

from __future__ import annotations

import io
from typing import Any, Optional

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.widgets.document_picture import fitted


def texture_of(data: bytes, ending: str = "jpg") -> Optional[Any]:
    """The texture of an encoded picture, or None when it is none."""
    try:
        return CoreImage(io.BytesIO(data), ext=ending).texture
    except Exception:  # noqa: BLE001  Kivy's loaders raise whatever their libraries do
        return None


class PictureBytes(Widget):
    """The picture at the left of its column, at most ``most_height`` high."""

    def __init__(self, texture: Any, most_height: float = dp(420), **kwargs: Any) -> None:
        super().__init__(size_hint_y=None, **kwargs)
        self._texture = texture
        self._most_height = most_height
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle(texture=texture)
        self.bind(pos=self._place, size=self._place)
        self._place()

    def _place(self, *_: Any) -> None:
        width, height = fitted(self.width, self._texture.size, self._most_height)
        self.height = round(height)
        self._picture.pos = (round(self.x), round(self.y))
        self._picture.size = (round(width), round(height))
