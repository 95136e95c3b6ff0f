from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import List

import pytest

pytest.importorskip("av")

from content.quality.films import LONGEST_S, Film, look_at, remarks_on
from tests.support.recordings import Recording, record

FILM = Film(Path("video.mp4"), 60.0, -16.0, True, 426, 240, ())
SAMPLE = Path(__file__).parents[3] / "content/samples/algebra-7-linear/lessons/meaning/video.mp4"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"duration_s": LONGEST_S + 1}, ["video-long"]),
        ({"has_sound": False, "loudness": None}, ["video-silent"]),
        ({"loudness": None}, ["video-silent"]),
        ({"loudness": -30.0}, ["video-quiet"]),
        ({"loudness": -5.0}, ["video-loud"]),
        ({"loudness": -24.0}, []),
        ({"duration_s": 3000.0, "loudness": -40.0}, ["video-long", "video-quiet"]),
    ],
)
def test_a_video_is_remarked_on(changes: dict, codes: List[str]) -> None:
    assert [code for code, _ in remarks_on(dataclasses.replace(FILM, **changes))] == codes


def test_the_sample_is_heard_and_its_made_rendition_weighed() -> None:
    film = look_at(SAMPLE)
    base = next(one for one in film.downloads if one.name == "240p")
    assert (base.size_bytes, base.is_estimate) == (SAMPLE.stat().st_size, False)
    assert film.loudness is not None
    assert remarks_on(film) == []
    assert [one.name for one in film.downloads if one.is_estimate] == ["audio", "144p"]


def test_a_sound_alone_is_weighed_as_it_is(tmp_path: Path) -> None:
    sound = record(tmp_path / "video.audio.m4a", Recording(video=None, seconds=1))
    (download,) = look_at(sound).downloads
    assert (download.name, download.is_estimate) == ("audio", False)


def test_a_better_rendition_beside_the_video_is_weighed_too(tmp_path: Path) -> None:
    film = record(tmp_path / "video.mp4", Recording(seconds=1))
    (tmp_path / "video.360p.mp4").write_bytes(b"film" * 99)
    downloads = {one.name: one for one in look_at(film).downloads}
    assert (downloads["360p"].size_bytes, downloads["360p"].is_estimate) == (396, False)
    assert downloads["audio"].is_estimate
