"""Names of renditions."""

from __future__ import annotations

import pytest

from content.renditions import names


@pytest.mark.parametrize("rendition", names.RENDITIONS)
def test_a_name_says_which_rendition_it_is(rendition: str) -> None:
    path = names.name_of("lessons/a/video.mp4", rendition)
    assert path.endswith(names.ending_of(rendition))
    if rendition == names.BASE:
        assert path == "lessons/a/video.mp4"
        assert names.split(path) is None
    else:
        assert names.split(path) == ("lessons/a/video.mp4", rendition)


@pytest.mark.parametrize("path", ["video.mp4", ".144p.mp4", "video.240p.mp4", "a.m4a", "144p.mp4"])
def test_what_is_no_rendition_is_none(path: str) -> None:
    assert names.split(path) is None
