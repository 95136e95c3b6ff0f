"""Which rendition of a video comes, from the choice of people and what the link does."""

from __future__ import annotations

import json

import pytest

from client.laptop.syncing.link import MEASURE
from tests.support.pack_source import noise, write_source

PACK = "algebra"
SIZES = {"video.audio.m4a": 300_000, "video.144p.mp4": 700_000, "video.360p.mp4": 2_500_000}


@pytest.fixture
def published(school, tmp_path):
    """A pack whose first lesson's video is there in four renditions, the second's in one."""
    folder = tmp_path / "source"
    write_source(folder, PACK, 1, video_bytes=1_500_000)
    lesson = sorted((folder / "lessons").iterdir())[0]
    for name, size_bytes in SIZES.items():
        (lesson / name).write_bytes(noise(name, size_bytes))
    school.publish_folder(folder)
    return lesson.name


def here(laptop, lesson):
    video = laptop.pack(PACK).lesson(lesson).video
    return video.here()


def ready(laptop):
    return {card.lesson for card in laptop.lessons() if card.video_ready}


def test_the_base_comes_by_itself_and_nothing_beside_it(joined, published, road):
    joined.sync()
    lessons = {card.lesson for card in joined.lessons()}
    assert here(joined, published) == ("240p",)
    assert ready(joined) == lessons
    before = len([path for path, _ in road.asked if "/objects/" in path])
    joined.sync()
    assert len([path for path, _ in road.asked if "/objects/" in path]) == before


@pytest.mark.parametrize("choice", ["audio", "144p", "360p"])
def test_another_choice_comes_instead_and_others_stay_as_they_are(joined, published, choice):
    joined.videos.choose_rendition(choice)
    joined.sync()
    assert here(joined, published) == (choice,)
    assert ready(joined) == {card.lesson for card in joined.lessons()}


def test_a_better_choice_brings_it_and_a_cheaper_one_brings_nothing(joined, published):
    joined.videos.choose_rendition("144p")
    joined.sync()
    joined.videos.choose_rendition("360p")
    joined.sync()
    assert here(joined, published) == ("144p", "360p")
    joined.videos.choose_rendition("audio")
    joined.sync()
    assert here(joined, published) == ("144p", "360p")


def test_over_a_slow_link_the_sound_comes_before_the_picture(joined, published, school, road):
    measure = {"bytes_per_s": 1000.0, "delay_s": 0.3}
    joined._store.keep_settings({MEASURE: json.dumps(measure)})
    joined.sync()
    assert here(joined, published) == ("audio", "240p")
    manifest = school.repository.manifest(PACK, 1, school.repository.trusted_keys())
    names = {one.sha256: one.path for one in manifest.media if published in one.path}
    asked = [path.rpartition("/")[2] for path, _ in road.asked]
    came = [names[name].rpartition("/")[2] for name in asked if name in names]
    assert came == ["video.audio.m4a", "video.mp4"]


def test_a_choice_that_nobody_knows_is_the_base(joined, published):
    joined.videos.choose_rendition("hologram")
    assert joined.videos.rendition == "240p"
