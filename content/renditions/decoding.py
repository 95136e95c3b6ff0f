"""Decoding what may be damaged: bad packets are passed over and counted."""

from __future__ import annotations

from typing import Any, Iterator, Optional, Sequence, Tuple

from av.error import FFmpegError

from content.watch import Step

_TELL_EVERY_BYTES = 1 << 20


class Decoder:
    """Frames of some streams of a container, in the order in which the file has them."""

    def __init__(self, container: Any, streams: Sequence[Any], step: Step) -> None:
        """``step`` hears of bytes read."""
        self._container = container
        self._streams = streams
        self._step = step
        self._untold_bytes = 0
        self._told_bytes = 0
        self.packets = 0
        self.damaged = 0
        """Packets that could not be decoded."""
        self.broken: Optional[FFmpegError] = None
        """What ended the reading before the file's end, if something did."""

    def frames(self) -> Iterator[Tuple[int, Any]]:
        """(index of the stream, frame); raises CancelledError."""
        try:
            for packet in self._container.demux(*self._streams):
                self._tell(packet)
                for frame in self._decoded(packet):
                    yield packet.stream.index, frame
        except FFmpegError as problem:
            self.broken = problem
        self._tell_rest()

    def _decoded(self, packet: Any) -> Sequence[Any]:
        self.packets += packet.size > 0
        try:
            return list(packet.decode())
        except FFmpegError:
            self.damaged += packet.size > 0
            return []

    def _tell(self, packet: Any) -> None:
        self._untold_bytes += packet.size
        if self._untold_bytes >= _TELL_EVERY_BYTES or not self._told_bytes:
            self._step.add(self._untold_bytes)
            self._told_bytes += self._untold_bytes
            self._untold_bytes = 0

    def _tell_rest(self) -> None:
        rest = max(0, (self._container.size or 0) - self._told_bytes)
        self._step.add(rest)
