"""A picture in a lesson's text: never larger than it is, never wider than the column."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Tuple

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.metrics import dp
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.widgets.card import Column
from client.widgets.labels import Muted
from content.picture_size import may_be_drawn

_MOST_HEIGHT_DP = 420
_MOST_ENLARGED = 1.5


def fitted(width: float, picture: Tuple[float, float], most_height: float) -> Tuple[float, float]:
    """Width and height of a picture in a column, in pixels.

    Small ones may grow by half, so that a drawing made for a phone is seen on a laptop.
    """
    if picture[0] <= 0 or picture[1] <= 0 or width <= 0:
        return 0.0, 0.0
    scale = min(width / picture[0], most_height / picture[1], _MOST_ENLARGED)
    return picture[0] * scale, picture[1] * scale


class PictureBlock(Column):
    """A picture with its description under it; the description alone when it cannot be shown."""

    def __init__(self, path: Optional[Path], alt: str, size: float, **kwargs: Any) -> None:
        super().__init__(spacing=dp(6), **kwargs)
        texture = load_picture(path)
        if texture is not None:
            self.add_widget(_Canvas(texture))
        if alt:
            self.add_widget(Muted(text=alt, halign="center", font_size=size * 0.88))


class _Canvas(Widget):
    """The picture itself, on white so that drawings on a clear ground can be read in the dark."""

    def __init__(self, texture: Any) -> None:
        super().__init__(size_hint_y=None)
        self._texture = texture
        with self.canvas:
            Color(1, 1, 1, 1)
            self._ground = Rectangle()
            self._picture = Rectangle(texture=texture)
            Color(*palette.line)
        self.bind(pos=self._place, size=self._place)
        self._place()

    def _place(self, *_: Any) -> None:
        width, height = fitted(self.width, self._texture.size, dp(_MOST_HEIGHT_DP))
        self.height = round(height)
        pos = (round(self.center_x - width / 2), round(self.y))
        for rectangle in (self._ground, self._picture):
            rectangle.pos, rectangle.size = pos, (round(width), round(height))


def load_picture(path: Optional[Path]) -> Any:
    """The picture's texture, or None when there is no readable picture of a bearable size."""
    if path is None or not path.is_file():
        return None
    try:
        return CoreImage(str(path)).texture if may_be_drawn(path) else None
    except Exception:  # noqa: BLE001  Kivy's loaders raise whatever their libraries do
        return None
