"""Narration: espeak-ng says each line until a teacher does."""

from __future__ import annotations

import subprocess
from array import array
from typing import List, Sequence

import av
import av.filter

from content.samples.drawing.narration import Spoken

RATE_HZ = 22_050
_VOICE = ("-v", "kk", "-s", "138", "-p", "44", "-g", "2", "-a", "110")
_SILENCE = 160
# A little warmth, even loudness, and a ceiling that leaves room for the encoder's overshoot.
_MASTERING = (
    ("highpass", "f=90"),
    ("lowpass", "f=8500"),
    ("acompressor", "threshold=0.08:ratio=3:attack=5:release=90:makeup=1"),
    ("volume", "{gain}"),
    ("alimiter", "limit=0.66:level=0:attack=4:release=60"),
)


def say(words: str) -> array[int]:
    """The words as 16-bit mono samples at ``RATE_HZ``, without silence around them.

    Raises CalledProcessError or FileNotFoundError when espeak-ng is missing or fails.
    """
    command = ["espeak-ng", *_VOICE, "--stdout", words]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    start = wave.index(b"data") + 8
    samples = array("h", wave[start : start + (len(wave) - start) // 2 * 2])
    loud = [at for at, sample in enumerate(samples) if abs(sample) > _SILENCE]
    return samples[max(0, loud[0] - 200) : loud[-1] + 800]


def mix_down(voices: Sequence[array[int]], spoken: Sequence[Spoken], length_s: float) -> array[int]:
    """One track of ``length_s`` with each voice at its place."""
    track = array("h", bytes(2 * round(length_s * RATE_HZ)))
    for voice, place in zip(voices, spoken):
        start = round(place.start_s * RATE_HZ)
        track[start : start + len(voice)] = voice
    return track


def master(track: array[int], gain: float) -> array[int]:
    """The track with even loudness, times ``gain``, limited so that nothing clips."""
    graph = av.filter.Graph()
    nodes = [graph.add_abuffer(sample_rate=RATE_HZ, format="s16", layout="mono", time_base=None)]
    for name, arguments in _MASTERING:
        nodes.append(graph.add(name, arguments.format(gain=gain)))
    nodes.append(
        graph.add("aformat", f"sample_fmts=s16:sample_rates={RATE_HZ}:channel_layouts=mono")
    )
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    out = array("h")
    for frame in frames_of(track):
        graph.push(frame)
        _drain(graph, out)
    graph.push(None)
    _drain(graph, out)
    return out


def frames_of(track: array[int], size: int = 1024) -> List[av.AudioFrame]:
    """The track cut into frames for a filter or an encoder."""
    frames = []
    for start in range(0, len(track), size):
        part = track[start : start + size]
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(part))
        frame.sample_rate = RATE_HZ
        frame.pts = start
        plane = frame.planes[0]
        plane.update(part.tobytes().ljust(plane.buffer_size, b"\0"))
        frames.append(frame)
    return frames


def _drain(graph: av.filter.Graph, out: array[int]) -> None:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        out.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
