from __future__ import annotations

import pytest

from content.errors import SourceError
from tests.content.items.asking import item_of, score


@pytest.mark.parametrize(
    ("answer", "points"), [(["a.jpg"], None), ([], 0), ("a.jpg", 0), (None, 0), ([5], 0)]
)
def test_files_wait_for_the_teacher(answer: object, points: object) -> None:
    assert score(item_of("file"), answer).points == points


def test_anything_is_taken_unless_the_author_says() -> None:
    assert item_of("file", {}).body.accept == ("photo", "recording", "file")
    assert item_of("file", {"accept": ["recording"]}).body.accept == ("recording",)


@pytest.mark.parametrize("accept", [[], ["fax"], "photo", [5]])
def test_what_cannot_be_attached_is_refused(accept: object) -> None:
    with pytest.raises(SourceError, match="accept"):
        item_of("file", {"accept": accept})
