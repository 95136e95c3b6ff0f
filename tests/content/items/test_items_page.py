"""docs/items.md: every sample is of the sample pack, is read, and scores as its table says."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, Dict, Iterator, Tuple

import pytest

from content.building.source_toml import read_toml
from content.errors import SourceError
from content.fields import Fields
from content.items.registry import KINDS
from content.scoring import score_item
from content.task import read_task
from tests.support.source import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGE = (ROOT / "docs" / "items.md").read_text(encoding="utf-8")
TASKS = ROOT / "content/samples/algebra-7-linear/lessons/meaning/tasks"
SECTIONS: Dict[str, str] = dict(re.findall(r"^## ([a-z]+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


def sample(kind: str) -> Dict[str, Any]:
    found = re.search(r"```toml\n(.*?)```", SECTIONS[kind], re.S)
    assert found is not None
    return tomllib.loads(found[1])


def rows(kind: str) -> Iterator[Tuple[Any, str]]:
    table = SECTIONS[kind].partition("| answer | points |")[2]
    for answer, points in re.findall(r"^\| `(.*)` \| (.*) \|$", table, re.M):
        yield json.loads(answer), points


def test_every_kind_has_its_section_and_its_picture() -> None:
    assert list(SECTIONS) == re.findall(r"^\| \[(\w+)\]\(#\1\)", PAGE, re.M)
    assert set(SECTIONS) == set(KINDS)
    for kind, text in SECTIONS.items():
        assert f"](pictures/items/{kind}.png)" in text
        assert (ROOT / "docs/pictures/items" / f"{kind}.png").stat().st_size < 40_000


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_worth_what_the_page_says(kind: str) -> None:
    values = {"title": {"en": "?"}, **sample(kind)}
    item = read_task("page", Fields(values, "items.md", SourceError)).items[0]
    assert item.kind == kind
    told = list(rows(kind))
    assert len(told) >= 2
    for answer, points in told:
        score = score_item(item, answer).points
        assert points == ("the teacher's" if score is None else f"{score:g}"), answer


def _within(part: Any, whole: Any) -> bool:
    """Whether the page says nothing else than the sample: it may leave out."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            name in whole and _within(one, whole[name]) for name, one in part.items()
        )
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(_within, part, whole))
    return bool(part == whole)


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_is_one_of_the_sample_pack(kind: str) -> None:
    shown = sample(kind)
    places = [read_toml(path).values for path in sorted(TASKS.glob("*.toml"))]
    items = {item["id"]: item for values in places for item in values["item"]}
    stimuli = [one for values in places for one in values.get("stimulus", ())]
    assert _within(shown["item"][0], items[shown["item"][0]["id"]])
    assert all(any(_within(one, whole) for whole in stimuli) for one in shown.get("stimulus", ()))


def test_the_stand_in_letters_are_those_that_are_taken() -> None:
    from content.items.spelling import RUSSIAN_LAYOUT

    table = SECTIONS["short"]
    cells = re.findall(r"\| ([^|]+) \| ([а-я])(?:, Latin i)? (?=\|)", table)
    told = {letter: taken for letters, taken in cells for letter in letters.split(", ")}
    assert told == RUSSIAN_LAYOUT
