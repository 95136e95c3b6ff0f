"""A video with its controls: a line to seek on, play, jumps, speed, subtitles, full screen."""

from __future__ import annotations

from typing import Any, Dict

from kivy.metrics import dp, sp
from kivy.properties import NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from client.theme.palette import palette
from client.theme.tokens import TARGET_DP
from client.video.subtitles import clock_text
from client.widgets.buttons import IconButton
from client.widgets.card import Row
from client.widgets.focus import Focusable
from client.widgets.labels import Small
from client.widgets.plate import Patch
from client.widgets.video_stage import VideoStage

JUMP_S = 10.0
ICON_SP = 23
"""As large as the icon of an IconButton is."""


class SeekLine(Focusable, Widget):
    """How far the video is; touched or dragged, it dispatches `on_seek` with a share (0 to 1)."""

    value = NumericProperty(0.0)
    __events__ = ("on_seek", "on_jump")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("size_hint_y", None)
        kwargs.setdefault("height", dp(48))
        super().__init__(**kwargs)
        self._ground = Patch(self.canvas)
        self._done = Patch(self.canvas)
        self._knob = Patch(self.canvas)
        self.bind(pos=self._redraw, size=self._redraw, value=self._redraw)
        self._redraw()

    def on_seek(self, share: float) -> None:
        """Somebody chose a place."""

    def on_jump(self, seconds: float) -> None:
        """Somebody pressed an arrow."""

    def focus_key(self, key: str) -> bool:
        """Arrows jump while the line has the focus."""
        if key not in ("left", "right"):
            return False
        self.dispatch("on_jump", JUMP_S if key == "right" else -JUMP_S)
        return True

    def on_touch_down(self, touch: Any) -> bool:
        """Seek where it is touched."""
        if not self.collide_point(*touch.pos) or touch.is_mouse_scrolling:
            return False
        touch.grab(self)
        self._seek(touch)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Follow the finger."""
        if touch.grab_current is not self:
            return False
        self.value = self._share(touch)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """Seek where it was let go."""
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._seek(touch)
        return True

    def _seek(self, touch: Any) -> None:
        self.value = self._share(touch)
        self.dispatch("on_seek", self.value)

    def _share(self, touch: Any) -> float:
        knob = dp(10)
        room = max(1.0, self.width - 2 * knob)
        return float(min(1.0, max(0.0, (touch.x - self.x - knob) / room)))

    def _redraw(self, *_: Any) -> None:
        knob, thick = dp(10), dp(8)
        room = max(0.0, self.width - 2 * knob)
        at = self.x + knob + room * min(1.0, max(0.0, self.value))
        y = self.center_y - thick / 2
        self._ground.draw((self.x + knob, y, room, thick), thick / 2, 0, palette.line)
        done = max(thick, at - self.x - knob)
        self._done.draw((self.x + knob, y, done, thick), thick / 2, 0, palette.sky)
        box = (at - knob, self.center_y - knob, 2 * knob, 2 * knob)
        self._knob.draw(box, knob, 0, palette.sky)


class VideoView(BoxLayout):
    """The stage with the controls under it.

    It shows what `show` tells it and dispatches what is wished: `on_play`, `on_seek` (a share),
    `on_jump` (seconds), `on_speed`, `on_subtitles`, `on_rendition`, `on_full`. `hints` name the
    buttons; that of renditions is there if there are ``several``.
    """

    __events__ = (
        "on_play", "on_seek", "on_jump", "on_speed", "on_subtitles", "on_rendition", "on_full"
    )  # fmt: skip

    def __init__(
        self, hints: Dict[str, str], *, full: bool, compact: bool, several: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(orientation="vertical", spacing=dp(2), **kwargs)
        self._full = full
        self.stage = VideoStage(size_hint_y=1 if full else None)
        self.stage.bind(on_release=lambda _: self.dispatch("on_play"))
        self.line = SeekLine()
        self.line.bind(on_seek=lambda _, share: self.dispatch("on_seek", share))
        self.line.bind(on_jump=lambda _, seconds: self.dispatch("on_jump", seconds))
        self.clock = Small(hug=True, pos_hint={"center_y": 0.5}, color=palette.muted)
        self.play = self._button("play", hints["play"], "on_play")
        self.speed = self._button("" if compact else "speed", hints["speed"], "on_speed", "1×")
        self.subtitles = self._button("subtitles", hints["subtitles"], "on_subtitles", "")
        self.rendition = self._button("", hints.get("rendition", ""), "on_rendition", "")
        jumps = [self._jump("back_ten", hints["back"], -JUMP_S)]
        if not compact:
            jumps.append(self._jump("forward_ten", hints["forward"], JUMP_S))
        full_button = self._button("full_off" if full else "full", hints["full"], "on_full")
        self.add_widget(self.stage)
        pad = dp(16) if full else 0
        seek = Row(spacing=dp(8), padding=(pad, 0))
        seek.add_widget(self.line)
        seek.add_widget(self.clock)
        if several and compact:
            seek.add_widget(self.rendition)
        self.add_widget(seek)
        bar = Row(spacing=dp(8) if not compact else dp(6), padding=(pad, 0, pad, pad / 2))
        for button in (self.play, *jumps):
            bar.add_widget(button)
        bar.add_widget(Widget(size_hint_y=None, height=dp(1)))
        chosen = [self.speed, self.subtitles, full_button]
        if several and not compact:
            chosen.insert(2, self.rendition)
        for button in chosen:
            bar.add_widget(button)
        self.add_widget(bar)
        if compact:
            for button in (self.play, *jumps, *chosen):
                button.padding = max(dp(6), (dp(TARGET_DP) - sp(ICON_SP)) / 2)
        self._bar, self._seek = bar, seek
        if not full:
            self.size_hint_y = None
            self.bind(width=self._fit)
            self.stage.bind(shape=self._fit)
            for part in (bar, seek):
                part.bind(height=self._fit)
            self._fit()

    def show(self, position_s: float, duration_s: float, *, playing: bool) -> None:
        """Show how far the video is."""
        if duration_s > 0:
            self.line.value = position_s / duration_s
        text = f"{clock_text(position_s)} / {clock_text(duration_s)}"
        if self.clock.text != text:
            self.clock.text = text
        self.play.icon = "pause" if playing else "play"

    def _fit(self, *_: Any) -> None:
        self.stage.height = round(self.width * self.stage.shape)
        parts = self.stage.height + self._bar.height + self._seek.height
        self.height = parts + 2 * self.spacing

    def _button(self, icon: str, hint: str, event: str, text: str = "") -> IconButton:
        button = IconButton(icon=icon, hint=hint, text=text)
        button.bind(on_release=lambda _: self.dispatch(event))
        return button

    def _jump(self, icon: str, hint: str, seconds: float) -> IconButton:
        button = IconButton(icon=icon, hint=hint)
        button.bind(on_release=lambda _: self.dispatch("on_jump", seconds))
        return button

    def on_play(self) -> None:
        """Play or pause is wished."""

    def on_seek(self, share: float) -> None:
        """Another place is wished."""

    def on_jump(self, seconds: float) -> None:
        """A jump is wished."""

    def on_speed(self) -> None:
        """Another speed is wished."""

    def on_subtitles(self) -> None:
        """Other subtitles are wished."""

    def on_rendition(self) -> None:
        """Another rendition is wished."""

    def on_full(self) -> None:
        """Full screen, or its end, is wished."""
