"""One run of FFmpeg over a file, from one position at one speed.

A jump or another speed is a new run: opening takes some tens of milliseconds, and the
filters `trim` and `setpts` then make both streams start at exactly the wanted time. FFmpeg's
own accurate seek drops the frames of only one of the two streams before the target, so
that the other one lags by up to a group of pictures.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

from client.video.player import Picture
from content.media import kind_of

_READ_DONE = "Done"


class DecoderMissingError(Exception):
    """The programme was installed without FFmpeg, or its library does not load here."""


class Step(NamedTuple):
    """What one call to `Decoder.read` found.

    `picture` is due in `wait_s` seconds; without one, ask again after `wait_s`.
    """

    picture: Optional[Picture]
    wait_s: float
    ended: bool = False


class Decoder:
    """FFmpeg reading one file; not thread-safe, used by one thread only.

    Raises DecoderMissingError when FFmpeg cannot be loaded.
    """

    def __init__(self, path: Path, start_s: float, speed: float, *, silent: bool) -> None:
        self._speed = speed
        self.is_sound = kind_of(str(path)) == "audio"
        """Whether there are no frames to come: `read` would only wait."""
        self._reader_failed = threading.Event()
        self._player = _media_player(
            str(path),
            self._notice,
            _options(start_s, speed, silent=silent, is_sound=self.is_sound),
        )

    @property
    def failed(self) -> bool:
        """True once FFmpeg gave the file up."""
        return self._reader_failed.is_set()

    @property
    def duration_s(self) -> float:
        """Length of the medium, 0.0 while unknown."""
        return float(self._player.get_metadata().get("duration") or 0.0)

    def read(self) -> Step:
        """Take the next frame when FFmpeg has one."""
        frame, value = self._player.get_frame()
        if frame is None:
            return _step_without_frame(value)
        image, filtered_s = frame
        width, height = image.get_size()
        rgba = bytes(image.to_bytearray()[0])
        picture = Picture(width, height, rgba, filtered_s * self._speed)
        return Step(picture, max(0.0, float(value)))

    def set_paused(self, paused: bool) -> None:
        """Hold or go on; the sound holds with the picture."""
        self._player.set_pause(paused)

    def set_silent(self, silent: bool) -> None:
        """Mute or let the sound through."""
        self._player.set_volume(0.0 if silent else 1.0)

    def close(self) -> None:
        """Stop FFmpeg's threads and free its memory."""
        self._player.close_player()

    def _notice(self, selector: str, value: str) -> None:
        """FFmpeg's own threads call this: a reader that ends early failed."""
        if selector.endswith(":error") or (selector == "read:exit" and value != _READ_DONE):
            self._reader_failed.set()


def _step_without_frame(value: object) -> Step:
    if value == "eof":
        return Step(None, 0.0, ended=True)
    if isinstance(value, (int, float)):
        return Step(None, min(max(float(value), 0.005), 0.1))
    return Step(None, 0.1)


def _options(start_s: float, speed: float, *, silent: bool, is_sound: bool) -> Dict[str, Any]:
    """FFmpeg's options; its time stamps come out as media time divided by `speed`."""
    start, factor = f"{start_s:.3f}", f"{speed:g}"
    options: Dict[str, Any] = {
        "out_fmt": "rgba",
        "ss": start_s,
        "sn": True,
        "filter_threads": 1,
        "vf": [f"trim=start={start},setpts=PTS/{factor}"],
        "af": f"atrim=start={start},asetpts=PTS/{factor},atempo={factor}",
        "volume": 0.0 if silent else 1.0,
    }
    if is_sound:
        # The cover of a song is no film.
        options["vn"] = True
    if speed < 1.0:
        # FFmpeg compares times from before the filters with its clock behind them, and would
        # take every frame of a slowed video for a late one.
        options["framedrop"] = False
    return options


def _media_player(path: str, callback: Any, options: Dict[str, Any]) -> Any:
    try:
        from ffpyplayer.player import MediaPlayer
        from ffpyplayer.tools import set_loglevel
    except ImportError as error:
        raise DecoderMissingError(str(error)) from error
    set_loglevel("quiet")
    arguments = {"callback": callback, "loglevel": "quiet", "lib_opts": {"threads": "1"}}
    try:
        return MediaPlayer(path, ff_opts=options, **arguments)
    except Exception:  # noqa: BLE001  SDL found no sound device; ffpyplayer raises a bare Exception
        os.environ["SDL_AUDIODRIVER"] = "dummy"
        return MediaPlayer(path, ff_opts=options, **arguments)
