from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, List

import pytest

from content.building.check_items import item_findings
from tests.content.items.asking import item_of
from tests.content.items.samples import SAMPLES
from tests.support.source import ROOT

LINE = ROOT / "content/samples/algebra-7-linear/lessons/meaning/pictures/number-line.png"


def told(kind: str, folder: Path, **changed: Any) -> List[str]:
    found = item_findings(item_of(kind, **changed), ["kk", "ru"], folder, "tasks/one.toml")
    return [f"{one.place}: {one.text}" for one in found]


@pytest.mark.parametrize(
    ("kind", "name", "of"),
    [
        ("choice", "choice", "choices"),
        ("order", "part", "parts"),
        ("match", "row", "rows"),
        ("match", "option", "options"),
    ],
)
def test_parts_that_say_the_same_are_found(kind: str, name: str, of: str, tmp_path: Path) -> None:
    assert told(kind, tmp_path) == []
    first, second, *rest = SAMPLES[kind][name]
    same = {**second, "text": {**second["text"], "ru": first["text"]["ru"] + " "}}
    found = told(kind, tmp_path, **{name: [first, same, *rest]})
    assert found == [f"one: Two {of} say the same in ru."]


def test_the_picture_to_mark_must_be_there_and_of_its_proportions(tmp_path: Path) -> None:
    place = {"picture": "pictures/line.png", "alt": {"ru": "прямая"}}
    assert "is not in the lesson's folder" in told("place", tmp_path, **place)[0]
    (tmp_path / "pictures").mkdir()
    shutil.copy(LINE, tmp_path / "pictures" / "line.png")
    found = told("place", tmp_path, **place, size=[800, 400])
    assert found == ["one: The picture is 960 x 300, not of the proportions of size; mend it."]
    assert told("place", tmp_path, **place, size=[480, 150]) == []
    (tmp_path / "pictures" / "line.png").write_bytes(b"no picture")
    told("place", tmp_path, **place, size=[480, 150])
