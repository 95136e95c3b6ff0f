"""Names of renditions, and which of them is wanted."""

from __future__ import annotations

from typing import Collection

import pytest

from content.renditions import names


@pytest.mark.parametrize("rendition", names.RENDITIONS)
def test_a_name_says_which_rendition_it_is(rendition: str) -> None:
    path = "lessons/a/video" + names.ending_of(rendition)
    assert names.split(path) == ("lessons/a/video", rendition)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a/video.240p.mp4", ("a/video.240p", names.BASE)),
        ("a/Film.WEBM", ("a/Film", names.BASE)),
        ("a/.144p.mp4", ("a/.144p", names.BASE)),
        ("a/song.m4a", ("a/song.m4a", "")),
        ("a/map.png", ("a/map.png", "")),
    ],
)
def test_other_files_are_videos_or_nothing(path: str, told: tuple[str, str]) -> None:
    assert names.split(path) == told


def test_renditions_of_one_video_are_found_together() -> None:
    paths = ["a/video.mp4", "a/video.audio.m4a", "b/video.mp4", "a/big.png", "a/video.360p.mp4"]
    assert names.grouped(paths) == {
        "a/video": {
            "240p": "a/video.mp4",
            "audio": "a/video.audio.m4a",
            "360p": "a/video.360p.mp4",
        },
        "b/video": {"240p": "b/video.mp4"},
    }


@pytest.mark.parametrize(
    ("available", "choice", "served", "cheaper"),
    [
        (names.RENDITIONS, "240p", "240p", ("audio", "144p")),
        (names.RENDITIONS, "audio", "audio", ()),
        (("240p",), "audio", "240p", ()),
        (("240p", "audio"), "360p", "240p", ("audio",)),
        (("360p", "240p"), "144p", "240p", ()),
        (names.RENDITIONS, "from a later version", "240p", ("audio", "144p")),
    ],
)
def test_a_choice_is_served_by_what_costs_no_more(
    available: Collection[str], choice: str, served: str, cheaper: tuple[str, ...]
) -> None:
    assert names.best(available, choice) == served
    assert names.cheaper(available, choice) == cheaper
