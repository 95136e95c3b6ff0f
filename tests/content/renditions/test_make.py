"""What becomes of recordings: nothing lost, sizes as foreseen, bytes that old decoders take."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Callable, Dict, List

import av
import pytest

from content.errors import CancelledError, StorageError
from content.media import duration_s
from content.renditions.errors import UndecodableError
from content.renditions.loudness import AIM, Meter
from content.renditions.make import Made, make
from content.renditions.names import AUDIO, P144, P240
from content.renditions.plan import RenditionPlan, plan
from content.renditions.probe import probe
from content.watch import Watch

Film = Callable[[str], Path]


def renditions(source: Path, folder: Path, *wanted: str) -> Dict[str, Made]:
    return {
        one.rendition: make(source, folder / one.file_name("video"), one)
        for one in plan(probe(source), wanted)
    }


def decoded(path: Path) -> Dict[str, List[Any]]:
    with av.open(str(path)) as container:
        frames: Dict[str, List[Any]] = {"video": [], "audio": []}
        for packet in container.demux():
            frames[packet.stream.type] += packet.decode()
        return frames


KINDS = (
    "plain.mp4", "old.avi", "windows.wmv", "turned.mov", "phone.3gp", "web.webm", "screen.mkv",
    "silent.mp4", "tracks.mp4", "broadcast.ts", "odd.mp4", "wide.mp4", "long-sound.mp4",
)  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_no_frame_and_no_second_is_lost(film: Film, tmp_path: Path, name: str) -> None:
    source = film(name)
    (planned,) = plan(probe(source), [P240])
    made = make(source, tmp_path / "video.mp4", planned)
    had, has = decoded(source), decoded(made.path)
    rate = planned.picture.rate if planned.picture else 0
    assert made.notes == ()
    assert made.frames_read == len(had["video"])
    assert made.frames_read - made.frames_dropped + made.frames_repeated == made.frames_written
    assert made.frames_written == len(has["video"])
    if name not in ("screen.mkv", "odd.mp4"):
        assert made.frames_dropped == 0
    assert made.duration_s == pytest.approx(planned.duration_s, abs=0.1)
    assert duration_s(made.path) == pytest.approx(made.duration_s, abs=0.1)
    assert len(has["video"]) / rate == pytest.approx(planned.duration_s, abs=0.1)
    heard_s = sum(one.samples / one.sample_rate for one in had["audio"][:1] and had["audio"])
    if name != "tracks.mp4":
        assert made.sound_s == pytest.approx(heard_s, abs=0.06)
    assert planned.at_most_bytes >= made.size_bytes == made.path.stat().st_size


def test_what_is_made_is_what_old_decoders_take(film: Film, tmp_path: Path) -> None:
    made = renditions(film("plain.mp4"), tmp_path, P240)[P240]
    data = made.path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(made.path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        context = video.codec_context
        assert context.profile == "Constrained Baseline"
        assert (context.has_b_frames, context.pix_fmt) in ((0, "yuv420p"), (False, "yuv420p"))
        assert (audio.codec_context.name, audio.codec_context.channels) == ("aac", 1)
        first = next(container.demux(video))
        assert first.is_keyframe
        assert first.pts == 0


def test_the_same_source_gives_the_same_bytes(film: Film, tmp_path: Path) -> None:
    source = film("old.avi")
    (one,) = plan(probe(source), [P144])
    first = make(source, tmp_path / "a.mp4", one).path.read_bytes()
    assert make(source, tmp_path / "b.mp4", one).path.read_bytes() == first


def test_a_turned_picture_stands_upright(film: Film, tmp_path: Path) -> None:
    """The recording has red above; a player turns what was filmed with the phone on its side."""
    source = film("turned.mov")
    made = renditions(source, tmp_path, P240)[P240]
    with av.open(str(source)) as container:
        frame = next(container.decode(video=0))
        seen = frame.to_image().rotate(frame.rotation, expand=True)
    image = decoded(made.path)["video"][0].to_image()
    assert image.size == seen.size == (180, 320)
    for place in ((5, 160), (174, 160)):
        assert image.getpixel(place) == pytest.approx(seen.getpixel(place), abs=30)


def test_sounds_are_evenly_loud(film: Film, tmp_path: Path) -> None:
    for name, language in (("tracks.mp4", "rus"), ("tracks.mp4", "kaz"), ("odd.mp4", "")):
        source = film(name)
        (one,) = plan(probe(source, language=language), [AUDIO])
        made = make(source, tmp_path / "a.m4a", one)
        meter = Meter()
        for frame in decoded(made.path)["audio"]:
            meter.push(frame)
        meter.push(None)
        loudness, peak = meter.measured()
        assert loudness == pytest.approx(AIM, abs=1.0)
        assert peak is not None
        assert peak < -0.5


def test_a_recording_that_breaks_off_is_made_as_far_as_it_goes(film: Film, tmp_path: Path) -> None:
    source = tmp_path / "cut.ts"
    shutil.copyfile(film("broadcast.ts"), source)
    (one,) = plan(probe(source), [P240])
    data = source.read_bytes()
    source.write_bytes(data[: len(data) // 2])
    made = make(source, tmp_path / "video.mp4", one)
    assert 0 < made.frames_written < 45
    assert any("was to play" in note for note in made.notes)


def test_damage_in_the_middle_is_told(film: Film, tmp_path: Path) -> None:
    source = tmp_path / "hurt.avi"
    data = bytearray(film("old.avi").read_bytes())
    for place in range(len(data) // 3, len(data) // 2, 97):
        data[place] ^= 0xFF
    source.write_bytes(data)
    try:
        made = renditions(source, tmp_path, P144)[P144]
    except UndecodableError as problem:
        assert "hurt.avi" in str(problem)
    else:
        assert made.frames_written > 0


def test_a_stop_leaves_nothing(film: Film, tmp_path: Path) -> None:
    source = film("plain.mp4")
    (one,) = plan(probe(source), [P144])
    with pytest.raises(CancelledError):
        make(source, tmp_path / "video.mp4", one, Watch(cancel=lambda: True))
    assert list(tmp_path.iterdir()) == []


def test_how_far_it_is_counts_the_source_s_bytes(film: Film, tmp_path: Path) -> None:
    source = film("plain.mp4")
    heard: List[tuple[int, int]] = []
    one: RenditionPlan = plan(probe(source), [P144])[0]
    make(source, tmp_path / "v.mp4", one, Watch(lambda _, done, total: heard.append((done, total))))
    size_bytes = source.stat().st_size
    assert heard[-1] == (size_bytes, size_bytes)
    assert heard == sorted(heard)


def test_a_recording_is_never_replaced_by_its_rendition(film: Film, tmp_path: Path) -> None:
    source = tmp_path / "video.mp4"
    shutil.copyfile(film("plain.mp4"), source)
    with pytest.raises(StorageError, match="elsewhere"):
        make(source, source, plan(probe(source), [P240])[0])
    assert source.read_bytes() == film("plain.mp4").read_bytes()
