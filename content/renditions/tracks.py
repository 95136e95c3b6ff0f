"""The two tracks of a rendition: each takes decoded frames and muxes what it made of them."""

from __future__ import annotations

from typing import Any, Iterator

from content.renditions.drawing import Scaler
from content.renditions.hearing import Evener
from content.renditions.pacing import Paced, Pacing
from content.renditions.plan import PicturePlan, SoundPlan
from content.renditions.settings import x264_options

_SLACK_S = 2


class PictureTrack:
    """An H.264 track: pace, scale, encode."""

    def __init__(self, out: Any, picture: PicturePlan, rotation: int) -> None:
        self._out = out
        self._rate = picture.rate
        self._scaler = Scaler((picture.width, picture.height), rotation)
        self.pacing = Pacing(picture.rate, picture.frames + round(_SLACK_S * picture.rate))
        options = x264_options(picture.setting, picture.rate, picture.still)
        self._stream = out.add_stream("libx264", rate=picture.rate, options=options)
        self._stream.width, self._stream.height = picture.width, picture.height
        self._stream.pix_fmt = "yuv420p"
        self._place = 0
        self._end_s = 0.0

    @property
    def written_s(self) -> float:
        """Seconds that its frames last."""
        return float(self.pacing.written / self._rate)

    def take(self, frame: Any, origin_s: float) -> None:
        """Encode a decoded frame."""
        time_s = frame.time - origin_s if frame.time is not None else self._end_s
        lasts_s = float(frame.duration * frame.time_base) if frame.duration else 0.0
        # A film's last frame may stand for minutes; a time stamp may also be wrong.
        self._end_s = time_s + (lasts_s or 1 / float(self._rate))
        for paced in self.pacing.push(frame, time_s):
            self._write(self._scaler.push(paced))

    def finish(self, end_s: float) -> None:
        """Hold the last frame as long as it lasts, and until ``end_s`` at least."""
        last = self.pacing.finish(max(end_s, self._end_s))
        if last is not None:
            self._write(self._scaler.push(last))
        self._write(self._scaler.finish())
        self._out.mux(self._stream.encode(None))

    def _write(self, ready: Iterator[Paced]) -> None:
        for frame, times in ready:
            for _ in range(times):
                frame.pts, frame.time_base = self._place, 1 / self._rate
                # The encoder decides what kind each is.
                frame.pict_type = 0
                self._place += 1
                self._out.mux(self._stream.encode(frame))


class SoundTrack:
    """An AAC track of one channel: even out, encode."""

    def __init__(self, out: Any, sound: SoundPlan, origin_s: float) -> None:
        self._out = out
        self._evener = Evener(sound, origin_s)
        self._rate_hz = sound.rate_hz
        self._samples = 0
        self._stream = out.add_stream("aac", rate=sound.rate_hz)
        self._stream.codec_context.layout = "mono"
        self._stream.bit_rate = sound.bit_s

    @property
    def written_s(self) -> float:
        """Seconds that were encoded."""
        return self._samples / self._rate_hz

    def take(self, frame: Any) -> None:
        """Encode a decoded frame."""
        self._write(self._evener.push(frame))

    def finish(self) -> None:
        """Encode what is held back."""
        self._write(self._evener.finish())
        self._out.mux(self._stream.encode(None))

    def _write(self, ready: Iterator[Any]) -> None:
        for frame in ready:
            self._samples += frame.samples
            self._out.mux(self._stream.encode(frame))
