"""What of a version's media a stick carries, by what was chosen."""

from __future__ import annotations

import dataclasses
from typing import List

import pytest

from content.carrying.choices import CHOICES, chosen_media, sizes_bytes
from content.manifest import CoreEntry, Manifest, MediaEntry
from content.media import kind_of

SIZES = {
    "a/film.audio.m4a": 1,
    "a/film.144p.mp4": 2,
    "a/film.mp4": 4,
    "a/film.360p.mp4": 8,
    "b/talk.mp4": 16,
    "b/song.mp3": 32,
    "c/map.png": 64,
    "c/table.pdf": 128,
}
MANIFEST = Manifest(
    "equations",
    1,
    "ab" * 16,
    {"kk": "Аты"},
    ("kk",),
    CoreEntry("0" * 64, 1000, 5000, "1" * 64, ()),
    tuple(
        MediaEntry(path, f"{place:064x}", size_bytes, kind_of(path))
        for place, (path, size_bytes) in enumerate(SIZES.items())
    ),
)


def chosen(choice: str) -> List[str]:
    return [entry.path for entry in chosen_media(MANIFEST, choice)]


@pytest.mark.parametrize(
    ("choice", "films"),
    [
        ("text", []),
        ("sound", ["a/film.audio.m4a"]),
        ("144p", ["a/film.144p.mp4", "b/talk.mp4"]),
        ("240p", ["a/film.mp4", "b/talk.mp4"]),
        ("360p", ["a/film.360p.mp4", "b/talk.mp4"]),
    ],
)
def test_one_rendition_of_each_film(choice: str, films: List[str]) -> None:
    songs = [] if choice == "text" else ["b/song.mp3"]
    assert chosen(choice) == [*films, *songs, "c/map.png", "c/table.pdf"]


@pytest.mark.parametrize("choice", ["all", "", "1080p", "of-a-newer-programme"])
def test_all_and_what_nobody_knows_is_all(choice: str) -> None:
    assert chosen(choice) == list(SIZES)


def test_a_file_that_stands_in_two_places_takes_its_room_once() -> None:
    twice = MANIFEST.media[-1]
    media = (*MANIFEST.media, dataclasses.replace(twice, path="d/table.pdf"))
    sizes = sizes_bytes(dataclasses.replace(MANIFEST, media=media))
    assert list(sizes) == list(CHOICES)
    assert sizes["all"] == 1000 + sum(SIZES.values())
    assert sizes["text"] == 1000 + 64 + 128
    assert sizes["sound"] == 1000 + 1 + 32 + 64 + 128
