"""The picture that stands for a video."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest
from PIL import Image, ImageStat

from content.renditions.errors import UndecodableError
from content.renditions.poster import make_poster
from content.renditions.probe import probe

Film = Callable[[str], Path]


def test_a_film_that_begins_black_has_a_poster_that_is_not(film: Film, tmp_path: Path) -> None:
    source = film("wide.mp4")
    poster = make_poster(source, tmp_path / "poster.jpg", probe(source))
    with Image.open(poster) as image:
        assert image.size == (524, 288)
        assert ImageStat.Stat(image.convert("L")).mean[0] > 60


def test_a_turned_film_has_a_poster_that_stands_upright(film: Film, tmp_path: Path) -> None:
    source = film("turned.mov")
    with Image.open(make_poster(source, tmp_path / "poster.jpg", probe(source))) as image:
        assert image.size == (180, 320)


def test_a_sound_has_none(film: Film, tmp_path: Path) -> None:
    source = film("heard.m4a")
    with pytest.raises(UndecodableError, match="no picture"):
        make_poster(source, tmp_path / "poster.jpg", probe(source))
