"""A `Player` on FFmpeg: one thread of ours decodes, the screen takes the newest picture."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import NamedTuple, Optional

from client.video.decoder import Decoder, DecoderMissingError
from client.video.player import SPEEDS, Picture, Problem, State, clamp
from client.video.sound_clock import SoundClock

_CUT_TOLERANCE_S = 2.0
_LOADING_LIMIT_S = 8.0
"""A file of which nothing could be shown for so long is called unreadable."""

_LOOK_EVERY_S = 0.1
"""What a sound is at is read so often: subtitles and the line below the picture need no more."""


class _Order(NamedTuple):
    """What the screen wants; another `run` number asks for a new decoder."""

    run: int
    path: Path
    start_s: float
    speed: float


class FFmpegPlayer:
    """Plays files with ffpyplayer (see `client.video.player.Player` for the methods).

    Every method may be called from the thread of the window; none waits for the decoder.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: Optional[threading.Thread] = None
        self._order: Optional[_Order] = None
        self._playing = False
        self._speed = 1.0
        self._state = State.CLOSED
        self._problem: Optional[Problem] = None
        self._position_s = 0.0
        self._duration_s = 0.0
        self._fresh: Optional[Picture] = None

    @property
    def state(self) -> State:
        """What the player is doing."""
        return self._state

    @property
    def problem(self) -> Optional[Problem]:
        """Why it failed, when it did."""
        return self._problem

    @property
    def position_s(self) -> float:
        """Media time of the newest picture, or of the jump under way."""
        return self._position_s

    @property
    def duration_s(self) -> float:
        """Length of the medium, 0.0 until it is known."""
        return self._duration_s

    @property
    def speed(self) -> float:
        """The speed chosen."""
        return self._speed

    def open(self, path: Path, position_s: float = 0.0) -> None:
        """Load a file and show its picture at `position_s`, paused."""
        self.close()
        self._problem = None
        self._duration_s = 0.0
        self._playing = False
        if not path.is_file():
            self._fail(Problem.MISSING)
            return
        with self._changed:
            self._start_run(path, max(0.0, position_s))
        self._thread = threading.Thread(target=self._run, name="video", daemon=True)
        self._thread.start()

    def play(self) -> None:
        """Go on from here, or from the start when the end was reached."""
        with self._changed:
            if self._order is None or self._state is State.FAILED:
                return
            self._playing = True
            if self._state is State.ENDED:
                self._start_run(self._order.path, 0.0)
            elif self._state is State.PAUSED:
                self._state = State.PLAYING
            self._changed.notify()

    def pause(self) -> None:
        """Stop here."""
        with self._changed:
            self._playing = False
            if self._state is State.PLAYING:
                self._state = State.PAUSED
            self._changed.notify()

    def seek(self, position_s: float) -> None:
        """Jump to a media time; the newest of several quick jumps counts."""
        with self._changed:
            if self._order is not None and self._state is not State.FAILED:
                self._start_run(self._order.path, clamp(position_s, self._duration_s))

    def set_speed(self, speed: float) -> None:
        """Choose one of `SPEEDS`; raises ValueError for another."""
        if speed not in SPEEDS:
            raise ValueError(f"{speed} is not one of {SPEEDS}")
        with self._changed:
            if speed == self._speed:
                return
            self._speed = speed
            if self._order is not None and self._state in (
                State.LOADING,
                State.PAUSED,
                State.PLAYING,
            ):
                self._start_run(self._order.path, self._position_s)

    def take_picture(self) -> Optional[Picture]:
        """The newest frame if it was not taken yet."""
        with self._changed:
            picture, self._fresh = self._fresh, None
        return picture

    def close(self) -> None:
        """Free the decoder and wait until its thread has ended."""
        with self._changed:
            self._order = None
            self._fresh = None
            self._state = State.CLOSED
            self._position_s = 0.0
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _start_run(self, path: Path, start_s: float) -> None:
        run = self._order.run + 1 if self._order else 1
        self._order = _Order(run, path, start_s, self._speed)
        self._position_s = start_s
        self._fresh = None
        self._state = State.LOADING
        self._changed.notify()

    def _fail(self, problem: Problem) -> None:
        self._problem = problem
        self._state = State.FAILED

    def _run(self) -> None:
        """The decoding thread: one `_play_run` after another until closed."""
        done: Optional[_Order] = None
        while True:
            with self._changed:
                while self._order is done and done is not None:
                    self._changed.wait()
                order = self._order
            if order is None:
                return
            self._play_run(order)
            done = order

    def _play_run(self, order: _Order) -> None:
        try:
            # FFmpeg starts to play at once: unheard, until it is clear whether it should.
            decoder = Decoder(order.path, order.start_s, order.speed, silent=True)
        except DecoderMissingError:
            self._conclude(order, State.FAILED, Problem.NO_DECODER)
            return
        except Exception:  # noqa: BLE001  whatever FFmpeg dislikes about this file
            self._conclude(order, State.FAILED, Problem.UNREADABLE)
            return
        try:
            if decoder.is_sound:
                self._sound_alone(order, decoder)
            else:
                self._show_frames(order, decoder)
        finally:
            decoder.close()

    def _show_frames(self, order: _Order, decoder: Decoder) -> None:
        """Show frames when they are due until the end, a failure or another order."""
        last_s: Optional[float] = None
        give_up_at_s = time.monotonic() + _LOADING_LIMIT_S
        while self._order is order:
            step = decoder.read()
            if step.picture is not None and step.picture.position_s == last_s:
                self._wait(order, step.wait_s)  # FFmpeg hands out the first frame twice
            elif step.picture is not None:
                wait_s = 0.0 if last_s is None else step.wait_s
                last_s = step.picture.position_s
                self._show(order, decoder, step.picture, wait_s)
            elif step.ended:
                self._end(order, decoder, last_s)
                return
            elif decoder.failed or (last_s is None and time.monotonic() > give_up_at_s):
                self._conclude(order, State.FAILED, Problem.UNREADABLE)
                return
            else:
                self._wait(order, step.wait_s)

    def _sound_alone(self, order: _Order, decoder: Decoder) -> None:
        """Play what has no picture; the screen shows something else meanwhile."""
        give_up_at_s = time.monotonic() + _LOADING_LIMIT_S
        while self._order is order and not decoder.duration_s:
            if decoder.failed or time.monotonic() > give_up_at_s:
                self._conclude(order, State.FAILED, Problem.UNREADABLE)
                return
            self._wait(order, _LOOK_EVERY_S)
        clock = SoundClock(order.start_s, order.speed, time.monotonic)
        decoder.set_paused(True)
        while self._order is order:
            with self._changed:
                self._duration_s = decoder.duration_s
                self._position_s = min(clock.position_s, self._duration_s)
                self._state = State.PLAYING if self._playing else State.PAUSED
                wanted = self._playing
            if clock.position_s >= decoder.duration_s:
                self._conclude(order, State.ENDED)
                return
            if wanted != clock.runs:
                decoder.set_paused(not wanted)
                decoder.set_silent(not wanted)
                clock.run(wanted)
            self._wait(order, _LOOK_EVERY_S)

    def _show(self, order: _Order, decoder: Decoder, picture: Picture, wait_s: float) -> None:
        """Hand a picture to the screen when it is due, then hold while paused."""
        self._wait(order, wait_s)
        with self._changed:
            if self._order is not order:
                return
            self._fresh = picture
            self._position_s = picture.position_s
            self._duration_s = decoder.duration_s
            self._state = State.PLAYING if self._playing else State.PAUSED
            if not self._playing:
                decoder.set_paused(True)
                self._changed.wait_for(lambda: self._order is not order or self._playing)
                decoder.set_paused(False)
            decoder.set_silent(False)

    def _wait(self, order: _Order, seconds: float) -> None:
        """Wait, unless there is another order or a pause meanwhile."""
        with self._changed:
            if self._order is order and seconds > 0:
                self._changed.wait(seconds)

    def _end(self, order: _Order, decoder: Decoder, last_s: Optional[float]) -> None:
        """Tell a film that ended from one that is cut off."""
        self._duration_s = decoder.duration_s
        reached_s = order.start_s if last_s is None else last_s
        if last_s is None and order.start_s == 0.0:
            self._conclude(order, State.FAILED, Problem.UNREADABLE)
        elif reached_s < self._duration_s - _CUT_TOLERANCE_S:
            self._conclude(order, State.ENDED, Problem.CUT_SHORT)
        else:
            self._conclude(order, State.ENDED)

    def _conclude(self, order: _Order, state: State, problem: Optional[Problem] = None) -> None:
        with self._changed:
            if self._order is not order:
                return
            self._state, self._problem = state, problem
            if state is State.ENDED:
                self._playing = False
                if problem is None:
                    self._position_s = self._duration_s
