"""A picture on which places are marked by finger, mouse or arrow keys."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

from kivy.graphics import Color, Ellipse, Line, Rectangle
from kivy.metrics import dp, sp
from kivy.properties import BooleanProperty, DictProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.widgets.document_picture import fitted
from client.widgets.focus import Focusable
from content.items.place import Area, corners_of, parse_place, said_place

_MOST_HEIGHT_DP = 400
_LENS_DP, _ZOOM = 132, 2.5
_STEP, _LARGEST = 10, 1000
_DOT_DP, _BADGE_DP = 5, 12
_STEPS = {"left": (-_STEP, 0), "right": (_STEP, 0), "up": (0, -_STEP), "down": (0, _STEP)}


class MarkedPicture(Focusable, Widget):
    """The picture with numbered marks; dispatches `on_mark` with the place of the active one.

    While a finger is down, a lens beside it shows what is under it. The arrow keys move the mark
    by a hundredth of the picture, Enter dispatches `on_done`.

    Args:
        texture: the picture.
        numbers: area id to what stands on its mark.
    """

    marks = DictProperty()
    """Area id to its place, "x,y" in thousandths from the left and the top."""
    active = StringProperty("")
    frozen = BooleanProperty(False)
    """Whether it only shows."""
    __events__ = ("on_mark", "on_done")

    def __init__(self, texture: Any, numbers: Mapping[str, str], **kwargs: Any) -> None:
        self._texture, self._numbers = texture, numbers
        self._verdicts: Mapping[str, bool] = {}
        self._areas: Tuple[Area, ...] = ()
        self._labels: Dict[str, Label] = {}
        self._finger: Optional[Tuple[float, float]] = None
        super().__init__(size_hint_y=None, **kwargs)
        for watched in ("pos", "size", "marks", "active"):
            self.fbind(watched, self._redraw)
        self.fbind("frozen", self._freeze)
        self._freeze()
        self._redraw()

    def show_verdicts(self, parts: Mapping[str, bool], areas: Tuple[Area, ...] = ()) -> None:
        """Colour the marks by whether they are right; outline ``areas``."""
        self._verdicts, self._areas = parts, areas
        self._redraw()

    @property
    def box(self) -> Tuple[float, float, float, float]:
        """x, y, width and height of the picture in pixels."""
        width, height = fitted(self.width, self._texture.size, dp(_MOST_HEIGHT_DP))
        # Not center_x: it still tells the old middle while a change of the width is told.
        left = self.x + (self.width - width) / 2
        return round(left), round(self.y), round(width), round(height)

    def _freeze(self, *_: Any) -> None:
        self.focusable = not self.frozen

    def _redraw(self, *_: Any) -> None:
        x, y, width, height = self.box
        self.height = max(1, height)
        self.canvas.clear()
        self.clear_widgets()
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=(x, y), size=(width, height))
            Rectangle(pos=(x, y), size=(width, height), texture=self._texture)
            Color(*palette.line)
            Line(rectangle=(x, y, width, height), width=1)
            for area in self._areas:
                self._outline(area)
        for name, number in self._numbers.items():
            point = parse_place(self.marks.get(name))
            if point is not None:
                self._mark(name, number, point)
        if self._finger is not None:
            self._lens(self._finger)

    def _at(self, point: Tuple[float, float]) -> Tuple[float, float]:
        x, y, width, height = self.box
        return x + width * point[0] / _LARGEST, y + height * (1 - point[1] / _LARGEST)

    def _tint(self, name: str) -> str:
        if name in self._verdicts:
            return "green" if self._verdicts[name] else "rust"
        return "sky" if name == self.active or self.frozen else "lilac"

    def _outline(self, area: Area) -> None:
        Color(*palette.green)
        points = [self._at(corner) for corner in corners_of(area)]
        if area.shape == "circle":
            radius = self.box[2] * area.points[2] / _LARGEST
            Line(circle=(*points[0], radius), width=dp(1.2))
        else:
            flat = [value for point in points for value in point]
            Line(points=flat, close=True, width=dp(1.2))

    def _mark(self, name: str, number: str, point: Tuple[float, float]) -> None:
        """A dot where the mark is, and its number above, or below at the upper edge."""
        x, y = self._at(point)
        left, bottom, width, height = self.box
        radius, color = dp(_BADGE_DP), palette.named(self._tint(name))
        above = y + 2.6 * radius < bottom + height
        badge_x = min(max(x, left + radius), left + width - radius)
        badge_y = y + 1.6 * radius if above else y - 1.6 * radius
        with self.canvas:
            for grown, shade in ((dp(2), (1, 1, 1, 1)), (0, color)):
                Color(*shade)
                for (cx, cy), size in (
                    ((x, y), dp(_DOT_DP) + grown),
                    ((badge_x, badge_y), radius + grown),
                ):
                    Ellipse(pos=(cx - size, cy - size), size=(2 * size, 2 * size))
        label = Label(text=number, bold=True, font_size=sp(14), color=palette.on_sky)
        label.size_hint = (None, None)
        label.size = (2 * radius, 2 * radius)
        label.center = (badge_x, badge_y)
        self.add_widget(label)

    def _lens(self, point: Tuple[float, float]) -> None:
        """A part of the picture, enlarged, away from the finger, with a cross in its middle."""
        x, y = self._at(point)
        left, _, width, height = self.box
        side = dp(_LENS_DP)
        furthest = max(left, left + width - side)
        lens_x, lens_y = x - side / 2, min(y + dp(48), self._clip_top() - side)
        if lens_y < y + dp(24):
            # No room above the finger: beside it, where there is more.
            right = x < left + width / 2
            lens_x = x + dp(48) if right else x - dp(48) - side
        lens_x = min(max(lens_x, left), furthest)
        share_x, share_y = side / _ZOOM / max(width, 1), side / _ZOOM / max(height, 1)
        u, v = point[0] / _LARGEST - share_x / 2, 1 - point[1] / _LARGEST - share_y / 2
        with self.canvas:
            Color(*palette.paper)
            Rectangle(pos=(lens_x, lens_y), size=(side, side))
            Color(1, 1, 1, 1)
            Rectangle(
                pos=(lens_x, lens_y),
                size=(side, side),
                texture=self._texture,
                tex_coords=_coordinates(self._texture, u, v, share_x, share_y),
            )
            Color(*palette.sky)
            Line(rectangle=(lens_x, lens_y, side, side), width=dp(1.5))
            middle_x, middle_y = lens_x + side / 2, lens_y + side / 2
            for across, along in ((dp(12), 0), (0, dp(12))):
                Line(
                    points=(
                        middle_x - across,
                        middle_y - along,
                        middle_x + across,
                        middle_y + along,
                    ),
                    width=dp(1),
                )

    def _clip_top(self) -> float:
        """Up to where the page shows what is drawn, in our own coordinates."""
        parent = self.parent
        while parent is not None and parent is not parent.parent:
            if hasattr(parent, "scroll_to"):
                return float(self.to_widget(*parent.to_window(parent.x, parent.top))[1])
            parent = parent.parent
        return float(self.top)

    def _point(self, x: float, y: float) -> Tuple[float, float]:
        left, bottom, width, height = self.box
        return (
            min(max((x - left) / max(width, 1), 0), 1) * _LARGEST,
            min(max(1 - (y - bottom) / max(height, 1), 0), 1) * _LARGEST,
        )

    def on_touch_down(self, touch: Any) -> bool:
        """Begin to mark; a wheel scrolls the page."""
        left, bottom, width, height = self.box
        inside = left <= touch.x <= left + width and bottom <= touch.y <= bottom + height
        if self.frozen or not inside or ("button" in touch.profile and touch.is_mouse_scrolling):
            return False
        touch.grab(self)
        self._finger = self._point(touch.x, touch.y)
        self._redraw()
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Follow the finger."""
        if touch.grab_current is not self:
            return False
        self._finger = self._point(touch.x, touch.y)
        self._redraw()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """The mark is where the finger was lifted."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        point = self._point(touch.x, touch.y)
        self._finger = None
        self._redraw()
        self.dispatch("on_mark", said_place(*point))
        return True

    def focus_key(self, key: str) -> bool:
        """Move the active mark."""
        if key not in _STEPS:
            return False
        point = parse_place(self.marks.get(self.active))
        if point is None:
            self.dispatch("on_mark", said_place(_LARGEST / 2, _LARGEST / 2))
        else:
            across, down = _STEPS[key]
            self.dispatch("on_mark", said_place(point[0] + across, point[1] + down))
        return True

    def activate(self) -> None:
        """Be done with the active mark."""
        self.dispatch("on_done")

    def on_mark(self, place: str) -> None:
        """A place was marked."""

    def on_done(self) -> None:
        """The active mark is where it should be."""


def _coordinates(texture: Any, u: float, v: float, width: float, height: float) -> Any:
    """Where on the texture a part of its picture lies; ``u`` and ``v`` from the lower left."""
    tex = texture.tex_coords
    (x0, y0), (x1, y1) = (tex[0], tex[1]), (tex[4], tex[5])
    left, right = x0 + (x1 - x0) * u, x0 + (x1 - x0) * (u + width)
    low, high = y0 + (y1 - y0) * v, y0 + (y1 - y0) * (v + height)
    return left, low, right, low, right, high, left, high
