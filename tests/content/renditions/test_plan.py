"""What is planned, from values alone."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Optional

import pytest

from content.renditions.names import AUDIO, P144, P240, P360
from content.renditions.plan import plan
from content.renditions.probe import Picture, Probe, Sound
from content.renditions.settings import SLIDES, TALKING
from tests.support.source import ROOT

HOUR_S = 3600.0
PICTURE = Picture(0, "h264", 1920, 1080, Fraction(25), HOUR_S, 0, TALKING, 9000, 400)
SOUND = Sound(1, "aac", 48000, 2, HOUR_S, "kaz", -23.0, -5.0)


def recording(
    picture: Optional[Picture] = PICTURE, sound: Optional[Sound] = SOUND, duration_s: float = HOUR_S
) -> Probe:
    return Probe(Path("a.mp4"), "mov", 10**9, duration_s, picture, sound)


def test_all_are_planned_the_cheapest_first() -> None:
    made = plan(recording())
    assert [one.rendition for one in made] == [AUDIO, P144, P240, P360]
    sizes = [one.at_most_bytes for one in made]
    assert sizes == sorted(sizes)
    assert [one.file_name("video") for one in made] == [
        "video.audio.m4a",
        "video.144p.mp4",
        "video.mp4",
        "video.360p.mp4",
    ]
    assert all(one.estimated_bytes <= one.at_most_bytes for one in made)


@pytest.mark.parametrize(("character", "most"), [(TALKING, 60e6), (SLIDES, 30e6)])
def test_an_hour_is_promised_within_its_budget(character: str, most: float) -> None:
    for rate in (25, 30, 60):
        picture = replace(PICTURE, character=character, rate=Fraction(rate))
        sizes = {one.rendition: one.at_most_bytes for one in plan(recording(picture))}
        assert sizes[P240] <= most
        assert sizes[AUDIO] <= 12e6


def test_what_would_give_nothing_more_is_left_out() -> None:
    small = replace(PICTURE, width=320, height=240)
    tiny = replace(PICTURE, width=176, height=144)
    assert [one.rendition for one in plan(recording(small))] == [AUDIO, P144, P240]
    assert [one.rendition for one in plan(recording(tiny))] == [AUDIO, P240]
    assert [one.rendition for one in plan(recording(picture=None))] == [AUDIO]
    assert [one.rendition for one in plan(recording(sound=None))] == [P144, P240, P360]
    assert [one.rendition for one in plan(recording(), [P360, AUDIO])] == [AUDIO, P360]


def test_loudness_is_brought_to_the_aim_and_silence_left_alone() -> None:
    for loudness, gain in ((-23.0, 7.0), (-10.0, -6.0), (-59.0, 24.0), (None, 0.0)):
        (one,) = plan(recording(sound=replace(SOUND, loudness=loudness)), [AUDIO])
        assert one.sound is not None
        assert one.sound.gain_db == pytest.approx(gain)


def test_slides_take_few_frames() -> None:
    slides = replace(PICTURE, character=SLIDES, rate=Fraction(30))
    (one,) = plan(recording(slides), [P240])
    assert one.picture is not None
    assert (one.picture.frames, one.picture.still) == (36_000, True)


def test_the_docs_say_what_an_hour_takes() -> None:
    page = (ROOT / "docs/making-packs.md").read_text("utf-8")
    for one in plan(recording()):
        row = next(line for line in page.splitlines() if f"`{one.file_name('video')}` |" in line)
        told = [int(number) for number in re.findall(r"(\d+) MB", row)]
        slides = replace(PICTURE, character=SLIDES)
        (other,) = plan(recording(slides), [one.rendition])
        sizes = [one.at_most_bytes, *([other.at_most_bytes] if one.picture else [])]
        assert told == [math.ceil(size / 1e6) for size in sizes]
