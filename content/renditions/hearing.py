"""A sound as a rendition wants it: one channel, evened out, gaps filled with silence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Iterator

import av
import av.filter

from content.renditions.loudness import CEILING
from content.renditions.plan import SoundPlan

_LIMIT = 10 ** ((CEILING - 0.5) / 20)
"""Half a decibel below the ceiling: between two samples a peak may be higher than both."""


class Evener:
    """A chain of FFmpeg's filters, built when the first frame tells what it is."""

    def __init__(self, sound: SoundPlan, origin_s: float) -> None:
        """``origin_s`` is the source's time that becomes 0."""
        self._sound = sound
        self._origin_s = origin_s
        self._graph: Any = None
        self._kind: Any = None
        self._next = 0

    def push(self, frame: Any) -> Iterator[Any]:
        """Take a decoded frame; give those that are ready, their times in samples."""
        kind = (frame.sample_rate, frame.format.name, frame.layout.name)
        if kind != self._kind:
            yield from self.finish()
            self._graph, self._kind = self._built(frame), kind
        time_s = (frame.time or 0.0) - self._origin_s
        frame.pts = round(time_s * frame.sample_rate)
        self._graph.push(frame)
        yield from self._ready()

    def finish(self) -> Iterator[Any]:
        """Give what is left in the chain."""
        if self._graph is not None:
            self._graph.push(None)
            yield from self._ready()
            self._graph = self._kind = None

    def _ready(self) -> Iterator[Any]:
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            frame.pts = self._next
            self._next += frame.samples
            yield frame

    def _built(self, frame: Any) -> Any:
        rate_hz = self._sound.rate_hz
        graph = av.filter.Graph()
        graph.threads = 1
        first = self._next * frame.sample_rate // rate_hz
        steps = [
            # Fills gaps and cuts what overlaps, so that sound and picture stay together.
            ("aresample", f"async=1:first_pts={first}"),
            ("aformat", f"sample_fmts=fltp:sample_rates={rate_hz}:channel_layouts=mono"),
            ("volume", f"{self._sound.gain_db}dB:precision=float"),
            ("alimiter", f"limit={_LIMIT:.4f}:level=0:attack=5:release=80:latency=1"),
            ("aformat", f"sample_fmts=fltp:sample_rates={rate_hz}:channel_layouts=mono"),
            ("abuffersink", None),
        ]
        last = graph.add_abuffer(
            sample_rate=frame.sample_rate,
            format=frame.format,
            layout=frame.layout,
            time_base=Fraction(1, frame.sample_rate),
        )
        for name, arguments in steps:
            step = graph.add(name, arguments)
            last.link_to(step)
            last = step
        graph.configure()
        return graph
