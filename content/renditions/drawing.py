"""Frames as a rendition wants them: progressive, upright, scaled, in the colours of small video."""

from __future__ import annotations

from collections import deque
from typing import Any, Deque, Iterator, Optional, Tuple

import av
import av.filter

from content.renditions.pacing import Paced

_TURNS = {90: "transpose=clock", 180: "hflip,vflip", 270: "transpose=cclock"}


class Scaler:
    """A chain of FFmpeg's filters, built anew whenever a source changes its size or format."""

    def __init__(self, size: Tuple[int, int], rotation: int) -> None:
        """Scale to ``size``, after turning by ``rotation`` degrees clockwise."""
        self._size = size
        self._rotation = rotation
        self._graph: Any = None
        self._kind: Optional[Tuple[int, int, str]] = None
        self._times: Deque[int] = deque()

    def push(self, paced: Paced) -> Iterator[Paced]:
        """Take a frame; give those that are ready."""
        frame, times = paced
        kind = (frame.width, frame.height, frame.format.name)
        if kind != self._kind:
            yield from self.finish()
            self._graph, self._kind = self._built(frame), kind
        self._times.append(times)
        frame.pts = None
        self._graph.push(frame)
        yield from self._ready()

    def finish(self) -> Iterator[Paced]:
        """Give what is left in the chain."""
        if self._graph is not None:
            self._graph.push(None)
            yield from self._ready()
            self._graph = self._kind = None

    def _ready(self) -> Iterator[Paced]:
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            yield frame, self._times.popleft()

    def _built(self, frame: Any) -> Any:
        width, height = self._size
        chain = [
            "yadif=deint=interlaced",
            *([_TURNS[self._rotation]] if self._rotation else []),
            # Players without a word about colours take small video for BT.601.
            f"scale={width}:{height}:flags=lanczos:out_color_matrix=bt601:out_range=tv",
            "setsar=1",
            "format=yuv420p",
        ]
        return graph_of(frame, ",".join(chain))


def graph_of(frame: Any, chain: str) -> Any:
    """A configured graph that runs ``chain`` (FFmpeg's notation) on frames such as this one."""
    graph = av.filter.Graph()
    graph.threads = 1
    last = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
    )
    for part in [*chain.split(","), "buffersink"]:
        name, _, arguments = part.partition("=")
        step = graph.add(name, arguments or None)
        last.link_to(step)
        last = step
    graph.configure()
    return graph
