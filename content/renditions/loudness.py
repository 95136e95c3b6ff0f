"""How loud a sound is, and what evens it out (EBU R 128, ITU-R BS.1770).

Laptops have weak speakers and classrooms are loud: the aim is that of EBU R 128 s2 for listening on
such things, -16 LUFS, rather than the -23 of broadcasting.
"""

from __future__ import annotations

import math
from typing import Any, Optional, Tuple

import av
import av.filter

AIM = -16.0
"""LUFS, heard from two speakers that play the one channel."""
CEILING = -1.5
"""dBTP: what an encoder adds to a peak stays below full scale."""
MOST_GAIN_DB = 24.0
"""More would only make noise loud."""
SILENCE = -60.0
"""LUFS: what is softer is no speech."""
_RATE_HZ = 48_000


class Meter:
    """Measures one channel made of all; hears decoded frames one after another."""

    def __init__(self) -> None:
        self._graph: Any = None
        self._resampler = av.AudioResampler(format="fltp", layout="mono", rate=_RATE_HZ)
        self._last: Any = None
        self._position = 0

    def push(self, frame: Optional[Any]) -> None:
        """Take the next frame; None ends it."""
        for one in self._resampler.resample(frame):
            if self._graph is None:
                self._graph = _graph(one)
            # Loudness is of what is heard, wherever it stands.
            one.pts = self._position
            self._position += one.samples
            self._graph.push(one)
            self._pull()

    def measured(self) -> Tuple[Optional[float], Optional[float]]:
        """Integrated loudness in LUFS and the peak in dBTP; None for silence."""
        if self._last is None:
            return None, None
        loudness = _number(self._last, "lavfi.r128.I")
        peak = _number(self._last, "lavfi.r128.true_peak")
        if loudness is None or loudness < SILENCE:
            return None, None
        # The filter tells the peak as a factor of full scale.
        return loudness, 20 * math.log10(peak) if peak else None

    def _pull(self) -> None:
        while True:
            try:
                self._last = dict(self._graph.pull().metadata)
            except (av.error.BlockingIOError, av.error.EOFError):
                return


def gain_db(loudness: Optional[float]) -> float:
    """What brings a loudness to the aim; 0 for silence."""
    return 0.0 if loudness is None else max(-MOST_GAIN_DB, min(MOST_GAIN_DB, AIM - loudness))


def _graph(frame: Any) -> Any:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=frame.sample_rate, format=frame.format, layout=frame.layout,
        time_base=frame.time_base,
    )  # fmt: skip
    meter = graph.add("ebur128", "metadata=1:peak=true:dualmono=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    return graph


def _number(values: Any, name: str) -> Optional[float]:
    try:
        number = float(values[name])
    except (KeyError, ValueError):
        return None
    return number if math.isfinite(number) else None
