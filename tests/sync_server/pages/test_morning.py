from __future__ import annotations

import json
from pathlib import Path
from typing import Iterator

import pytest

from sync_server.pages.morning import SHOWN_NIGHTS, look
from tests.support.clock import TurnableClock
from tests.support.server import School, open_school
from tests.sync_server.pages.scene import DAY_MS, NOW_MS, furnish


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    with open_school(tmp_path / "school", TurnableClock(NOW_MS)) as school:
        yield school


def test_it_tells_what_the_night_did_and_who_was_here(school: School, tmp_path: Path) -> None:
    night = furnish(tmp_path, school, lessons=(("equations", "meaning"),))
    found = look(school.store, school.folder.root, NOW_MS)
    (line,) = found.lines
    assert line.night == night
    assert line.missing[0].pack["ru"] == "Уравнения"
    assert line.missing[0].lesson["kk"] == "Теңдеу деген не?"
    assert (found.laptops, found.here_today) == (4, 3)
    assert [one.days for one in found.away] == [9]
    assert len(found.line_bytes) == len(found.laptops_seen) == SHOWN_NIGHTS
    assert found.line_bytes[-1].value == 413_300_000
    assert found.laptops_seen[-1].value == 3
    assert 0 < found.free_bytes < found.total_bytes
    json.dumps(found.to_json())


def test_a_night_without_a_turn_shows_the_last_one(school: School, tmp_path: Path) -> None:
    night = furnish(tmp_path, school)
    found = look(school.store, school.folder.root, NOW_MS + 2 * DAY_MS)
    assert found.lines[0].night == night
    assert [one.value for one in found.line_bytes[-2:]] == [0, 0]


def test_a_new_server_has_a_morning_too(school: School) -> None:
    found = look(school.store, school.folder.root, NOW_MS)
    assert (found.lines, found.laptops, found.away, found.records) == ((), 0, (), 0)


def test_a_lesson_that_nobody_knows_is_named_by_its_id(school: School, tmp_path: Path) -> None:
    furnish(tmp_path, school, lessons=(("equations", "gone"), ("nobody", "knows")))
    for folder in school.folder.repositories.iterdir():
        for manifest in folder.glob("manifests/*/*"):
            known = manifest.read_bytes()
    found = look(school.store, school.folder.root, NOW_MS).lines[0].missing
    assert [(one.pack.get(""), one.lesson.get("")) for one in found] == [
        (None, "gone"),
        ("nobody", "knows"),
    ]
    manifest.write_bytes(known[: len(known) // 2])
    found = look(school.store, school.folder.root, NOW_MS).lines[0].missing
    assert found[0].pack == {"": "equations"}


def test_nobody_is_named(school: School, tmp_path: Path) -> None:
    furnish(tmp_path, school)
    text = json.dumps(look(school.store, school.folder.root, NOW_MS).to_json(), ensure_ascii=False)
    assert "Оқушы" not in text
    assert "points" not in text
