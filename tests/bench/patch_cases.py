"""Two states of a lesson's files each: real books where they are at hand, and cases made here."""

from __future__ import annotations

import os
import random
import shutil
import tarfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence

from tests.support.patch_trees import noise

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = "KERUEN_DATA_SAMPLES"
WIDTH, HEIGHT, FRAMES_S, SOUND_S = 426, 240, 15, 22_050
LESSON_S, INTRO_S = 150, 10
_VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n{}\n\n00:05.000 --> 00:09.000\nЖауабын дәптерге жаз.\n"
_PACK = """\
[pack]
id = "measured"
version = {version}
subject = "physics"
grade = 9
languages = ["en"]
lessons = ["book"]
[pack.title]
en = "Measured"
"""


@dataclass(frozen=True)
class Case:
    """Folders of files before and after; limits in bytes of the patch, and of the whole update."""

    name: str
    old: Path
    new: Path
    patch_limit_bytes: Optional[int] = None
    update_limit_bytes: Optional[int] = None


def books(aside: Path) -> Iterator[Case]:
    """Every folder of samples with a v1 and a v2; none when there are no samples."""
    place = Path(os.environ.get(SAMPLES) or ROOT.parent / "shared" / "data" / "textbook")
    folders = [place, *sorted(path for path in place.glob("*") if path.is_dir())]
    for folder in folders:
        if all((folder / f"v{number}.tar.zst").is_file() for number in (1, 2)):
            trees = [aside / folder.name / f"v{number}" for number in (1, 2)]
            for number, tree in enumerate(trees, 1):
                _unpack(folder / f"v{number}.tar.zst", tree)
            limits = (3_000, 5_500) if folder.name == "textbook" else (None, None)
            yield Case(f"{folder.name} v1 to v2", trees[0], trees[1], *limits)


def _unpack(archive: Path, folder: Path) -> None:
    import zstandard

    folder.mkdir(parents=True)
    with archive.open("rb") as packed:
        stream = zstandard.ZstdDecompressor(max_window_size=2**31).stream_reader(packed)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                if member.isfile() and ".." not in Path(member.name).parts:
                    target = folder / member.name.lstrip("/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    content = tar.extractfile(member)
                    assert content is not None
                    target.write_bytes(content.read())


def made(aside: Path) -> Iterator[Case]:
    """Subtitles changed, a picture replaced, a video trimmed, a video with an intro."""
    old = aside / "made" / "old"
    old.mkdir(parents=True)
    (old / "scales.png").write_bytes(noise(1, 90_000))
    (old / "video.kk.vtt").write_text(_VTT.format("Таразы тепе-теңдікте."), "utf-8")
    film(old / "film.mp4", LESSON_S, 1)
    _remux([old / "film.mp4"], old / "video.mp4")
    (old / "film.mp4").unlink()
    intro = aside / "made" / "intro.mp4"
    film(intro, INTRO_S, 2)

    new = _copy(old, "subtitles")
    (new / "video.kk.vtt").write_text(_VTT.format("Таразы теңесті."), "utf-8")
    yield Case("subtitles changed", old, new, None, 3_000)
    new = _copy(old, "picture")
    (new / "scales.png").write_bytes(noise(2, 95_000))
    yield Case("a picture of 95 000 B replaced", old, new, None, 95_000 + 3_000)
    new = _copy(old, "trimmed")
    _remux([old / "video.mp4"], new / "video.mp4", LESSON_S * 0.06, LESSON_S * 0.95)
    size_bytes = (new / "video.mp4").stat().st_size
    yield Case(f"a video of {size_bytes:,} B trimmed", old, new, None, size_bytes // 100)
    new = _copy(old, "intro")
    _remux([intro, old / "video.mp4"], new / "video.mp4")
    size_bytes = intro.stat().st_size
    limit_bytes = int(size_bytes * 1.05)
    yield Case(f"a video with an intro of {size_bytes:,} B", old, new, None, limit_bytes)


def _copy(old: Path, name: str) -> Path:
    return Path(shutil.copytree(old, old.parent / name))


def source(tree: Path, folder: Path, version: int) -> Path:
    """A pack's source with all files of a tree in one lesson."""
    lesson = folder / "lessons" / "book"
    shutil.copytree(tree, lesson)
    for name, text in (("lesson.toml", '[title]\nen = "Book"\n'), ("text.en.md", "# Book\n")):
        (lesson / name).write_text(text, "utf-8")
    (folder / "pack.toml").write_text(_PACK.format(version=version), "utf-8")
    return folder


def film(path: Path, seconds: int, seed: int) -> None:
    """A video of moving noise with sound, as small as a lesson's."""
    import av

    random_bytes = random.Random(seed)
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=FRAMES_S)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.options = {"crf": "40", "preset": "veryfast", "g": "60"}
        sound: Any = out.add_stream("aac", rate=SOUND_S)
        sound.bit_rate = 32_000
        coarse = av.VideoFrame(106, 60, "yuv420p")
        samples = 0
        for number in range(seconds * FRAMES_S):
            if number % 2 == 0:
                for plane in coarse.planes:
                    plane.update(random_bytes.randbytes(plane.buffer_size))
            frame = coarse.reformat(WIDTH, HEIGHT)
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_S)
            out.mux(picture.encode(frame))
            while samples < number * SOUND_S // FRAMES_S:
                out.mux(sound.encode(_noise_frame(random_bytes, samples)))
                samples += 1024
        for stream in (picture, sound):
            out.mux(stream.encode())


def _noise_frame(random_bytes: random.Random, at: int) -> Any:
    import av

    frame = av.AudioFrame("s16", "mono", 1024)
    frame.planes[0].update(random_bytes.randbytes(frame.planes[0].buffer_size))
    frame.sample_rate, frame.pts, frame.time_base = SOUND_S, at, Fraction(1, SOUND_S)
    return frame


def _remux(sources: Sequence[Path], target: Path, start_s: float = 0.0, end_s: float = 1e9) -> None:
    """Put films one after another, or cut one, without encoding anything again."""
    import av

    with av.open(str(target), "w") as out:
        streams: Any = None
        base_s = 0.0
        for path in sources:
            with av.open(str(path)) as film_file:
                if streams is None:
                    streams = {
                        stream.index: out.add_stream_from_template(stream)
                        for stream in film_file.streams
                    }
                base_s = _copy_packets(film_file, out, streams, base_s, start_s, end_s)


def _copy_packets(
    film_file: Any, out: Any, streams: Any, base_s: float, start_s: float, end_s: float
) -> float:
    if start_s:
        film_file.seek(int(start_s * 1e6))
    first_s: Optional[float] = None
    last_s = base_s
    for packet in film_file.demux():
        if packet.dts is None:
            continue
        time_s = float(packet.dts * packet.time_base)
        first_s = time_s if first_s is None else first_s
        if time_s <= end_s:
            shift = round((base_s - (first_s if start_s else 0.0)) / packet.time_base)
            packet.dts += shift
            packet.pts += shift
            last_s = max(last_s, float(packet.dts * packet.time_base))
            packet.stream = streams[packet.stream.index]
            out.mux(packet)
    return last_s + 0.5
