from __future__ import annotations

import pytest

from client.laptop.videos.rendition_choice import LONG_S, wanted_paths

SIZES = {
    "lessons/a/video.audio.m4a": 1_000_000,
    "lessons/a/video.144p.mp4": 2_000_000,
    "lessons/a/video.mp4": 4_000_000,
    "lessons/a/video.360p.mp4": 8_000_000,
    "lessons/a/pictures/map.png": 400_000,
    "lessons/b/video.mp4": 4_000_000,
}
ALWAYS = {"lessons/a/pictures/map.png", "lessons/b/video.mp4"}
FAST, SLOW = 1e6, 4_000_000 / LONG_S / 2


def of_a(*endings):
    return {f"lessons/a/video{one}" for one in endings}


@pytest.mark.parametrize(
    ("choice", "ending"),
    [
        ("audio", ".audio.m4a"),
        ("144p", ".144p.mp4"),
        ("240p", ".mp4"),
        ("360p", ".360p.mp4"),
        ("", ".mp4"),
        ("from a later version", ".mp4"),
    ],
)
def test_one_rendition_comes_and_all_that_is_no_video(choice, ending):
    assert wanted_paths(SIZES, (), choice, FAST) == ALWAYS | of_a(ending)
    assert wanted_paths(SIZES, (), choice, 0.0) == ALWAYS | of_a(ending)


def test_over_a_slow_link_a_cheaper_one_comes_first_and_then_the_choice():
    both = of_a(".audio.m4a", ".mp4")
    assert wanted_paths(SIZES, (), "240p", SLOW) == ALWAYS | both
    assert wanted_paths(SIZES, of_a(".audio.m4a"), "240p", SLOW) == ALWAYS | both
    assert wanted_paths(SIZES, (), "audio", SLOW) == ALWAYS | of_a(".audio.m4a")


def test_nothing_comes_beside_what_is_here_and_no_worse():
    here = of_a(".360p.mp4")
    for choice in ("audio", "144p", "240p", "360p"):
        assert wanted_paths(SIZES, here, choice, SLOW) == ALWAYS | here


def test_a_better_one_comes_when_it_is_chosen():
    here = of_a(".144p.mp4")
    assert wanted_paths(SIZES, here, "360p", FAST) == ALWAYS | here | of_a(".360p.mp4")


def test_packs_without_renditions_are_as_they_were():
    sizes = {"lessons/b/video.mp4": 1, "lessons/b/song.m4a": 2, "lessons/b/film.webm": 3}
    assert wanted_paths(sizes, (), "audio", SLOW) == set(sizes)
