from __future__ import annotations

from typing import Any, Dict

import pytest

from content.errors import SourceError
from content.fields import Fields
from content.items.registry import BY_TEACHER, KINDS
from content.scoring import score_item
from content.task import Item, read_item
from tests.content.items.samples import SAMPLES


def read(kind: str, **changed: Any) -> Item:
    fields: Dict[str, Any] = {"id": "one", "kind": kind, "prompt": {"ru": "?"}, **SAMPLES[kind]}
    fields.update(changed)
    return read_item(Fields(fields, "task.toml: item 1", SourceError))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_right_answer_or_a_teacher(kind: str) -> None:
    item = read(kind, points=2)
    if kind in BY_TEACHER:
        assert item.right_answer is None
        given = ["a.jpg"] if kind == "file" else "because"
        assert score_item(item, given).points is None
    else:
        score = score_item(item, item.right_answer)
        assert (score.points, score.correct) == (2, True)
    assert (score_item(item, None).points, score_item(item, None).correct) == (0, False)
    assert item.expected_minutes > 0
    assert next(item.texts()) == ("prompt", {"ru": "?"})
