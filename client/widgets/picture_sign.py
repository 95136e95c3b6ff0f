"""One of the sixteen pictures that open the work of who cannot write yet."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from client.vaults.secrets import PICTURE_NAMES

FILE = Path(__file__).with_suffix(".png")
COLUMNS = 4
"""The file has them in rows of four, as `build/secret_pictures.py` draws them."""


@lru_cache(maxsize=1)
def _sheet() -> Any:
    texture = CoreImage(str(FILE), mipmap=True).texture
    texture.min_filter = "linear_mipmap_linear"
    return texture


def texture_of(picture: str) -> Any:
    """Return the texture of a picture; raise ValueError when there is none of that name."""
    row, column = divmod(PICTURE_NAMES.index(picture), COLUMNS)
    sheet = _sheet()
    side = sheet.width // COLUMNS
    return sheet.get_region(column * side, sheet.height - (row + 1) * side, side, side)


class PictureSign(Widget):
    """The picture called ``picture``, as large as the widget."""

    picture = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._picture = Rectangle(size=(0, 0))
        self.bind(pos=self._place, size=self._place, picture=self._place)
        self._place()

    def _place(self, *_: Any) -> None:
        if self.picture:
            self._picture.texture = texture_of(self.picture)
            self._picture.pos = (round(self.x), round(self.y))
            self._picture.size = self.size
