"""What renditions take and give: megabytes an hour, likeness to the source, cost of decoding.

Two films, somebody who talks and slides, are made into all renditions. Beside the base stands what
FFmpeg makes by itself at the same size of picture: with its own settings, and with those but told
to take as many bytes as ours. Likeness is SSIM against the source scaled to the same size (this
build of FFmpeg has no VMAF), the mean and the worst hundredth of frames. Decoding is counted in
frames, and in seconds of film, per second of one core. Frames and sound are counted after decoding.

By default a minute of each film is made and scaled to an hour; ``--full`` makes the hour itself.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Tuple

import av
import av.filter

from content.renditions.make import make
from content.renditions.names import P240, RENDITIONS
from content.renditions.plan import RenditionPlan, plan
from content.renditions.probe import probe
from tests.bench.films import RATE, make_film
from tests.bench.table import tell

BUDGETS_MB = {("talking", P240): 60, ("slides", P240): 30, ("audio",): 12}
HOUR_S = 3600


class Told(NamedTuple):
    """One file and what is said of it beside what is measured."""

    made_by: str
    path: Path
    encode_s: float
    estimated_bytes: Optional[int]
    note: str


def ours(film: Path, folder: Path, one: RenditionPlan) -> Told:
    """A rendition as authors get it."""
    began_s = time.process_time()
    made = make(film, folder / one.file_name(kind_of(film)), one)
    encode_s = time.process_time() - began_s
    read, dropped, repeated = made.frames_read, made.frames_dropped, made.frames_repeated
    assert read - dropped + repeated == made.frames_written
    assert made.size_bytes <= one.at_most_bytes, made
    note = f"{read} - {dropped} + {repeated}" if one.picture else ""
    return Told(one.rendition, made.path, encode_s, one.estimated_bytes, note)


def theirs(film: Path, target: Path, size: Tuple[int, int], bit_s: Optional[int]) -> Told:
    """What ``ffmpeg -vf scale=... out.mp4`` makes, or that with ``-b:v`` and mono sound of ours."""
    began_s = time.process_time()
    with av.open(str(film)) as source, av.open(str(target), "w") as out:
        video = out.add_stream("libx264", rate=RATE)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        video.codec_context.thread_count = 1
        audio = out.add_stream("aac", rate=48_000 if bit_s is None else 24_000)
        audio.codec_context.layout = "stereo" if bit_s is None else "mono"
        if bit_s is None:
            audio.bit_rate = 128_000
            # What PyAV sets by itself would not be FFmpeg's default.
            video.options = {"crf": "23"}
        else:
            audio.bit_rate, video.bit_rate = 22_000, bit_s
        for packet in source.demux():
            for frame in packet.decode():
                stream = video if packet.stream.type == "video" else audio
                sent = frame
                if stream is video:
                    sent = frame.reformat(*size, format="yuv420p", interpolation="BICUBIC")
                    sent.pict_type = 0
                out.mux(stream.encode(sent))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    name = "ffmpeg's defaults" if bit_s is None else "the same, our bytes"
    return Told(name, target, time.process_time() - began_s, None, "")


def kind_of(film: Path) -> str:
    """The film's own name: its renditions must not be called as their source is."""
    return film.name.split(".")[0]


class Decoded(NamedTuple):
    """What decoding a file on one core gave and cost."""

    frames: int
    sound_s: float
    core_s: float


def decode(path: Path) -> Decoded:
    """Decode all of a file on one core; the cost is that of the picture alone, if it has one."""
    with av.open(str(path)) as container:
        sound_s = sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))
    with av.open(str(path)) as container:
        kind = "video" if container.streams.video else "audio"
        stream = container.streams.get({kind: 0})[0]
        stream.codec_context.thread_count = 1
        began_s = time.process_time()
        frames = sum(1 for _ in container.decode(stream))
        return Decoded(frames, sound_s, time.process_time() - began_s)


def likeness(film: Path, path: Path, every: int) -> Tuple[float, float]:
    """SSIM of each ``every``th frame of the source and what is shown at its time: mean, worst 1 %.

    ITU-T has no rule for pictures of two rates; here each source frame is compared with the frame
    that a player shows at its time.
    """
    values: List[float] = []
    graph: Any = None
    with av.open(str(film)) as one, av.open(str(path)) as other:
        shown = _shown(other.decode(video=0))
        next(shown)
        for place, frame in enumerate(one.decode(video=0)):
            if place % every:
                continue
            mine = shown.send(frame.time)
            size = (mine.width, mine.height)
            graph = graph or _comparison(size)
            for source, sent in zip(graph[1:3], (mine, frame.reformat(
                *size, format="yuv420p", interpolation="LANCZOS"
            ))):  # fmt: skip
                pts, base = sent.pts, sent.time_base
                sent.pts, sent.time_base = place, Fraction(1, RATE)
                source.push(sent)
                sent.pts, sent.time_base = pts, base
            values += [float(got.metadata["lavfi.ssim.All"]) for got in _pulled(graph[3])]
    values.sort()
    return sum(values) / len(values), values[len(values) // 100]


def _shown(frames: Iterator[Any]) -> Any:
    """A generator that takes a time and gives the frame that is shown then."""
    now = next(frames)
    after = next(frames, None)
    time_s = yield now
    while True:
        while after is not None and after.time <= time_s + 0.001:
            now, after = after, next(frames, None)
        time_s = yield now


def _comparison(size: Tuple[int, int]) -> Tuple[Any, Any, Any, Any]:
    graph = av.filter.Graph()
    inputs = [
        graph.add_buffer(
            width=size[0], height=size[1], format="yuv420p", time_base=Fraction(1, RATE)
        )
        for _ in range(2)
    ]
    compare, end = graph.add("ssim"), graph.add("buffersink")
    for place, source in enumerate(inputs):
        source.link_to(compare, 0, place)
    compare.link_to(end)
    graph.configure()
    return graph, inputs[0], inputs[1], end


def _pulled(end: Any) -> Iterator[Any]:
    while True:
        try:
            yield end.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def row(kind: str, film: Path, told: Told, seconds: int, every: int) -> Dict[str, Any]:
    """Measure one file."""
    size_bytes = told.path.stat().st_size
    decoded = decode(told.path)
    picture = told.path.suffix == ".mp4"
    mean, worst = likeness(film, told.path, every) if picture else (None, None)
    estimated = told.estimated_bytes
    return {
        "film": kind,
        "rendition": told.made_by,
        "MB_an_hour": round(size_bytes * HOUR_S / seconds / 1e6, 1),
        "estimate": f"{100 * estimated / size_bytes - 100:+.0f} %" if estimated else None,
        "SSIM": round(mean, 4) if mean else None,
        "worst_1%": round(worst, 4) if worst else None,
        "decoded_frames_per_core_s": round(decoded.frames / decoded.core_s) if picture else None,
        "film_s_per_core_s": round(seconds / decoded.core_s),
        "encoded_film_s_per_core_s": round(seconds / told.encode_s, 1),
        "frames": decoded.frames if picture else None,
        "read - dropped + repeated": told.note,
        "sound_s": round(decoded.sound_s, 2),
    }


def measured(kind: str, folder: Path, seconds: int, every: int) -> Iterator[Dict[str, Any]]:
    """All rows of one film."""
    film = make_film(folder / f"{kind}.source.mp4", kind, seconds)
    found = probe(film)
    for one in plan(found, RENDITIONS):
        told = ours(film, folder, one)
        yield row(kind, film, told, seconds, every)
        if one.rendition != P240 or one.picture is None:
            continue
        size = (one.picture.width, one.picture.height)
        sound_bit_s = 24_200
        bit_s = round(told.path.stat().st_size * 8 / seconds) - sound_bit_s
        for peer in (None, bit_s):
            target = folder / f"peer-{peer}.mp4"
            yield row(kind, film, theirs(film, target, size, peer), seconds, every)


def main() -> int:
    """Measure and tell; 1 when a budget is not kept."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60, help="of each film")
    parser.add_argument("--full", action="store_true", help="an hour of each film")
    options = parser.parse_args()
    seconds = HOUR_S if options.full else options.seconds
    every = max(1, seconds // 60)
    rows: List[Dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        for kind in ("talking", "slides"):
            for one in measured(kind, Path(name), seconds, every):
                rows.append(one)
                print(one, flush=True)
    tell("renditions", rows)
    return 0 if all(kept(one) for one in rows) else 1


def kept(one: Dict[str, Any]) -> bool:
    """Whether a row is within its budget, or has none."""
    keys = ((one["film"], one["rendition"]), (one["rendition"],))
    budget_mb = next((BUDGETS_MB[key] for key in keys if key in BUDGETS_MB), None)
    return budget_mb is None or one["MB_an_hour"] <= budget_mb


if __name__ == "__main__":
    raise SystemExit(main())
