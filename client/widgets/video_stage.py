"""The picture of a video: frames or a poster, subtitles over it, a word when it cannot be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional, Tuple

from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.label import Label

from client.theme.palette import palette, rgba
from client.theme.tokens import LIGHT
from client.video.player import Picture
from client.widgets.plate import Patch
from client.widgets.pressable import Pressable
from content.picture_size import may_be_drawn

_GROUND = rgba(LIGHT["ink"])
_WORDS_GROUND = rgba(LIGHT["ink"], 0.82)
_WHITE = (1.0, 1.0, 1.0, 1.0)


def letterboxed(
    picture: Tuple[float, float], box: Tuple[float, float, float, float]
) -> Tuple[float, float, float, float]:
    """Position and size of a picture inside a box (x, y, width, height), whole and undistorted."""
    x, y, width, height = box
    if picture[0] <= 0 or picture[1] <= 0:
        return x, y, 0.0, 0.0
    scale = min(width / picture[0], height / picture[1])
    wide, high = picture[0] * scale, picture[1] * scale
    return x + (width - wide) / 2, y + (height - high) / 2, wide, high


class VideoStage(Pressable, FloatLayout):
    """Where the video is seen. A press plays or pauses.

    `shape` is height divided by width of what it likes to be; `words` the subtitle of the
    moment; `waiting` shows the large sign to play, `caption` words under it; `notice` is said
    instead of a picture.
    """

    shape = NumericProperty(9 / 16)
    words = StringProperty("")
    notice = StringProperty("")
    caption = StringProperty("")
    waiting = BooleanProperty(True)
    ring_gap = NumericProperty(-dp(4))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._picture_size: Tuple[float, float] = (0.0, 0.0)
        self._texture: Any = None
        self.frames = 0
        with self.canvas.before:
            Color(*_GROUND)
            self._ground = Rectangle()
            self._tint = Color(1, 1, 1, 0)
            self._image = Rectangle()
        self._frame = Patch(self.canvas.before)
        self._words_plate = Patch(self.canvas.before)
        self._play_plate = Patch(self.canvas.before)
        self._caption_plate = Patch(self.canvas.before)
        self._label = Label(halign="center", color=_WHITE, size_hint=(None, None))
        self._notice = Label(halign="center", color=_WHITE, size_hint=(None, None))
        self._sign = self._play_sign()
        self._caption = Label(color=_WHITE, bold=True, size_hint=(None, None))
        for child in (self._label, self._notice, self._sign, self._caption):
            self.add_widget(child)
        self._label.bind(texture_size=self._place)
        self._notice.bind(texture_size=self._place)
        self._caption.bind(texture_size=self._place)
        for name in ("pos", "size", "words", "notice", "waiting", "caption"):
            self.fbind(name, self._place)
        self._place()

    @staticmethod
    def _play_sign() -> Label:
        from client.widgets.labels import Icon

        return Icon(icon="play", color=palette.on_sun, font_size=sp(44))

    def show_poster(self, path: Optional[Path]) -> None:
        """Show a still picture until the first frame comes; none if it cannot be read."""
        if path is None or not path.is_file():
            return
        try:
            if not may_be_drawn(path):
                return
            texture = CoreImage(str(path)).texture
        except Exception:  # noqa: BLE001  Kivy's loaders raise whatever their libraries do
            return
        self._image.texture = texture
        self._take_size(texture.size)

    def show_frame(self, picture: Picture) -> None:
        """Put a decoded frame on the screen."""
        size = (picture.width, picture.height)
        if self._texture is None or tuple(self._texture.size) != size:
            self._texture = Texture.create(size=size, colorfmt="rgba")
            self._texture.flip_vertical()
            self._image.texture = self._texture
            self._take_size(size)
        self._texture.blit_buffer(picture.rgba, colorfmt="rgba", bufferfmt="ubyte")
        self._image.texture = self._texture
        self.frames += 1
        self.canvas.ask_update()

    def _take_size(self, size: Tuple[float, float]) -> None:
        """Take a picture's shape, so that nothing is left dark beside it."""
        self._picture_size = (float(size[0]), float(size[1]))
        self._tint.a = 1
        if size[0] > 0 and 0.3 < size[1] / size[0] < 1:
            self.shape = size[1] / size[0]
        self._place()

    def _place(self, *_: Any) -> None:
        self._ground.pos, self._ground.size = self.pos, self.size
        box = (self.x, self.y, self.width, self.height)
        x, y, width, height = letterboxed(self._picture_size, box)
        self._image.pos, self._image.size = (round(x), round(y)), (round(width), round(height))
        self._frame.draw(box, dp(2), dp(1), palette.line)
        self._place_words()
        self._place_sign()
        self._notice.text = self.notice
        self._notice.font_size = sp(16)
        self._notice.text_size = (max(1, self.width - dp(48)), None)
        self._notice.size = self._notice.texture_size
        self._notice.center = self.center
        self._image.size = (0, 0) if self.notice else self._image.size

    def _place_words(self) -> None:
        label = self._label
        label.text = self.words
        label.font_size = min(sp(22), max(sp(14), self.width / 30))
        label.text_size = (max(1, self.width - dp(56)), None)
        label.size = label.texture_size
        label.center_x = self.center_x
        label.y = round(self.y + dp(14))
        shown = (0, 0, 0, 0) if not self.words else _WORDS_GROUND
        wide = _widest_line(label) + dp(24)
        box = (self.center_x - wide / 2, label.y - dp(5), wide, label.height + dp(10))
        self._words_plate.draw(box, dp(8), 0, shown)

    def _place_sign(self) -> None:
        shown = self.waiting and not self.notice
        side = dp(76)
        box = (self.center_x - side / 2, self.center_y - side / 2, side, side)
        self._play_plate.draw(box, side / 2, 0, palette.sun if shown else (0, 0, 0, 0))
        self._sign.opacity = 1 if shown else 0
        self._sign.center = (self.center_x, self.center_y)
        self._place_caption(shown and bool(self.caption), self.center_y - side / 2 - dp(26))

    def _place_caption(self, shown: bool, middle: float) -> None:
        label = self._caption
        label.text = self.caption if shown else ""
        label.font_size = sp(16)
        label.size = label.texture_size
        label.center = (self.center_x, middle)
        wide, high = label.width + dp(24), label.height + dp(10)
        box = (self.center_x - wide / 2, middle - high / 2, wide, high)
        self._caption_plate.draw(box, dp(8), 0, _WORDS_GROUND if shown else (0, 0, 0, 0))


def _widest_line(label: Label) -> float:
    """Width in pixels of the widest line of a wrapped label."""
    lines = getattr(label._label, "_cached_lines", None) or ()
    return float(max((line.w for line in lines), default=label.width))
