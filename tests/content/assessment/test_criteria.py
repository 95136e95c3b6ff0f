"""Criteria, descriptors and the test formats, as they are read and checked."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

import pytest

from content.assessment.criteria import given_points
from content.assessment.remarks import assessment_remarks
from content.errors import SourceError
from content.fields import Fields
from content.task import Task, read_task


def text(said: str) -> Dict[str, str]:
    return {"ru": said}


def item(item_id: str, **more: Any) -> Dict[str, Any]:
    return {"id": item_id, "kind": "number", "answer": "1", "prompt": text("?"), **more}


def criterion(name: str = "solves", *points: float) -> Dict[str, Any]:
    descriptors = [
        {"id": f"d{at}", "text": text(f"D{at}"), "points": one} for at, one in enumerate(points)
    ]
    return {"id": name, "text": text(name), "descriptor": descriptors}


def task(items: Optional[List[Dict[str, Any]]] = None, **more: Any) -> Task:
    values = {"title": text("T"), "item": items or [item("q", criterion="solves")], **more}
    return read_task("t", Fields(values, "task", SourceError))


def test_criteria_are_read() -> None:
    read = task(assessment="unit", criterion=[criterion("solves", 1, 2.5)])
    assert read.assessment == "unit"
    assert read.attempts == 1
    assert read.criteria[0].points == 3.5
    assert read.criteria[0].key(read.criteria[0].descriptors[1]) == "solves/d1"
    assert task([item("q")]).attempts is None
    assert task([item("q")], assessment="formative").attempts is None
    assert task([item("q")], assessment="term", attempts=3).attempts == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"assessment": "exam"}, "must be one of"),
        ({"criterion": []}, "not there"),
        ({"criterion": [criterion(), criterion()]}, "twice"),
        ({"criterion": [criterion("solves", 0.001)]}, "points"),
        ({"criterion": [criterion("solves", 1)], "attempts": 0}, "attempts"),
        ({"criterion": [criterion("solves", 1)], "format": "sat"}, "must be one of"),
    ],
)
def test_what_is_wrong_is_named(more: Dict[str, Any], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        task(**more)


def test_points_by_descriptor() -> None:
    one = task(criterion=[criterion("solves", 1, 2)]).criteria[0]
    assert given_points(one, {}) is None
    assert given_points(one, {"solves/d0": 1.0, "solves/d1": 0.0, "other/d0": 5}) == 1.0


GOOD = {"assessment": "unit", "sealed": "key", "criterion": [criterion("solves", 1)]}
REMARKS = [
    ({}, []),
    ({"criterion": [criterion("solves", 2)]}, ["give 2 points, its questions 1"]),
    ({"criterion": [criterion("solves")]}, ["add some"]),
    ({"criterion": [criterion("solves", 1), criterion("x", 1)]}, ["No question belongs"]),
    ({"feedback": "at-once"}, ["told at once"]),
    ({"assessment": "formative", "attempts": 1}, ["try again"]),
]


@pytest.mark.parametrize(("more", "said"), REMARKS)
def test_what_an_author_is_told(more: Dict[str, Any], said: List[str]) -> None:
    remarks = [sentence for _, sentence in assessment_remarks(task(**{**GOOD, **more}))]
    assert len(remarks) == len(said)
    assert all(one in remark for one, remark in zip(said, remarks))


def test_an_unsealed_summative_test_and_stray_questions_are_told() -> None:
    read = task([item("q", criterion="solves"), item("r")], **{**GOOD, "sealed": "all"})
    assert ("r", "The question belongs to no criterion.") in list(assessment_remarks(read))
    open_one = {name: value for name, value in GOOD.items() if name != "sealed"}
    assert any("holds the key" in said for _, said in assessment_remarks(task(**open_one)))
    assert list(assessment_remarks(task([item("q")]))) == []


def choices(count: int, right: int) -> List[Dict[str, Any]]:
    return [{"id": f"c{at}", "text": text(str(at)), "correct": at < right} for at in range(count)]


def match(rows: int, options: int) -> Dict[str, Any]:
    return {
        "kind": "match",
        "row": [{"id": f"r{at}", "text": text("r"), "match": "o0"} for at in range(rows)],
        "option": [{"id": f"o{at}", "text": text("o")} for at in range(options)],
    }


UNT = [
    ({"kind": "choice", "choice": choices(4, 1)}, ""),
    ({"kind": "choice", "choice": choices(5, 1)}, "offers 4"),
    ({"kind": "choices", "choice": choices(6, 3), "points": 2}, ""),
    ({"kind": "choices", "choice": choices(6, 4), "points": 2}, "at most 3 right"),
    ({"kind": "choices", "choice": choices(6, 2), "points": 1}, "gives 2"),
    ({**match(2, 4), "points": 2}, ""),
    ({**match(3, 4), "points": 2}, "2 rows with 4"),
    ({}, "matching only"),
]


@pytest.mark.parametrize(("fields", "said"), UNT)
def test_the_format_of_the_national_test(fields: Dict[str, Any], said: str) -> None:
    remarks = [one for _, one in assessment_remarks(task([item("q", **fields)], format="unt"))]
    assert bool(remarks) is bool(said)
    assert not said or said in remarks[0]


def test_a_common_text_has_five_questions_at_most() -> None:
    stimulus = [{"id": "s", "text": text("S")}]
    four = {"kind": "choice", "choice": choices(4, 1), "stimulus": "s"}
    read = task([item(f"q{at}", **four) for at in range(6)], format="unt", stimulus=stimulus)
    assert [place for place, _ in assessment_remarks(read)] == ["s"]
