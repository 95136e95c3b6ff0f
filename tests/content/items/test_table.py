from __future__ import annotations

from typing import Any, Dict

import pytest

from content.errors import SourceError
from tests.content.items.asking import item_of, score
from tests.content.items.samples import SAMPLES


@pytest.mark.parametrize(
    ("answer", "points", "parts"),
    [
        ({"b1": "10", "a2": "Да", "b2": "yes"}, 3, {"b1": True, "a2": True, "b2": True}),
        ({"b1": "20/2", "a2": "нет"}, 1, {"b1": True, "a2": False}),
        ({"b1": "ten"}, 0, {"b1": False}),
        ({"zz": "10"}, 0, {}),
        ([["10"]], 0, {}),
        (None, 0, {}),
    ],
)
def test_answers_and_points(answer: object, points: float, parts: dict[str, bool]) -> None:
    found = score(item_of("table", points=3), answer)
    assert (found.points, found.parts) == (points, parts)


def rows(*cells: object) -> Dict[str, Any]:
    return {"row": [{"head": {"ru": "y"}, "cells": list(cells)}]}


NUMBER = {"id": "b1", "kind": "number", "answer": "10"}


def test_a_cell_may_be_empty_and_a_row_without_a_head() -> None:
    item = item_of("table", row=[{"cells": [{}, NUMBER]}], columns=SAMPLES["table"]["columns"])
    assert item.body.rows[0].cells[0] == {}
    assert item.body.rows[0].head == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"columns": []},
        {"columns": ["one"]},
        {"row": []},
        rows({"ru": "5"}),
        rows({"ru": "5"}, {"ru": "6"}),
        rows({"ru": "5"}, "6"),
        rows(NUMBER, NUMBER),
        rows(NUMBER, {"id": "x", "kind": "file"}),
    ],
)
def test_what_cannot_be_scored_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("table", **changed)
