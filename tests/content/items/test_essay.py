from __future__ import annotations

import pytest

from tests.content.items.asking import item_of, score


@pytest.mark.parametrize(
    ("answer", "points"), [("Себебі…", None), (" \n", 0), ("", 0), (["a"], 0), ({"a": "b"}, 0)]
)
def test_what_is_written_waits_for_the_teacher(answer: object, points: object) -> None:
    assert score(item_of("text"), answer).points == points
