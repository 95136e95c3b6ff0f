"""Reading and scoring one question in a test."""

from __future__ import annotations

from typing import Any, Dict, Optional

from content.errors import SourceError
from content.fields import Fields
from content.scoring import ItemScore, score_item
from content.task import Item, read_item
from tests.content.items.samples import SAMPLES


def item_of(kind: str, fields: Optional[Dict[str, Any]] = None, **more: Any) -> Item:
    """An item of ``kind``: the sample of it, or ``fields``, with ``more`` on top."""
    values: Dict[str, Any] = {"id": "one", "kind": kind, "prompt": {"ru": "?"}}
    values.update(SAMPLES[kind] if fields is None else fields)
    values.update(more)
    return read_item(Fields(values, "task.toml: item 1", SourceError))


def score(item: Item, answer: object) -> ItemScore:
    """The score, which is the same when asked again and never leaves its bounds."""
    first = score_item(item, answer)
    assert first == score_item(item, answer)
    assert first.of == item.points
    if first.points is not None:
        assert 0 <= first.points <= first.of
        assert first.points == round(first.points, 2)
        assert first.correct is (first.points == first.of)
    return first
