from __future__ import annotations

import pytest

from content.errors import SourceError
from content.items.kind import UNIT_MISSING, UNIT_WRONG
from tests.content.items.asking import item_of, score
from tests.content.items.samples import said

SPEED = {"answer": "72", "tolerance": "0.5", "units": ["км/ч", "км/сағ", "km/h"]}


@pytest.mark.parametrize(
    ("answer", "points", "remark"),
    [
        ("72 км/ч", 2, ""),
        ("72км/ч", 2, ""),
        ("71,5 км / ч.", 2, ""),
        ("v = 72 km/h", 2, ""),
        ("72 км/сағ", 2, ""),
        ("1 44/2 км/ч", 0, ""),
        ("144/2 км/ч", 2, ""),
        ("73 км/ч", 0, ""),
        ("72", 0, UNIT_MISSING),
        ("72 м/с", 0, UNIT_WRONG),
        ("72 км/ч км/ч", 0, UNIT_WRONG),
        ("км/ч", 0, ""),
        ("", 0, ""),
        ("1" * 70 + " км/ч", 0, UNIT_WRONG),
        ("1" * 500, 0, ""),
        (72, 0, ""),
        (["72 км/ч"], 0, ""),
        ({"72": "км/ч"}, 0, ""),
    ],
)
def test_a_number_with_its_unit(answer: object, points: float, remark: str) -> None:
    found = score(item_of("number", SPEED, points=2), answer)
    assert (found.points, found.remark) == (points, remark)


@pytest.mark.parametrize(
    ("answer", "points"), [("72", 1), ("72 км/ч", 1), ("72 кг", 0), ("20 м/с", 1), ("72 м/с", 0)]
)
def test_a_unit_may_be_left_out_or_be_another(answer: str, points: float) -> None:
    unit = {"spellings": ["м/с", "m/s"], "factor": "3.6"}
    item = item_of("number", SPEED, unit=[unit], unit_optional=True)
    assert score(item, answer).points == points


@pytest.mark.parametrize(
    ("units", "typed"),
    [
        (["м²"], "5 м2"),
        (["м²"], "5 м^2"),
        (["m^3"], "5 m³"),
        (["°C"], "5°С"),  # a Cyrillic С
        (["кг·м"], "5 кг*м"),
        (["%"], "5%"),
        (["мм рт. ст."], "5 мм рт.ст."),
        (["μm"], "5 µm"),
    ],
)
def test_one_unit_in_several_spellings(units: list[str], typed: str) -> None:
    assert score(item_of("number", {"answer": 5, "units": units}), typed).points == 1


def test_milliwatts_are_no_megawatts() -> None:
    assert score(item_of("number", {"answer": 5, "units": ["МВт"]}), "5 мВт").points == 0


@pytest.mark.parametrize(
    ("answer", "points", "said_in_kazakh"),
    [("5", 2, None), ("-5", 1, "Таңбасы?"), ("0.5", 0, "Үтір?"), ("7", 0, "Қайта есепте.")],
)
def test_the_author_answers_to_particular_numbers(
    answer: str, points: float, said_in_kazakh: object
) -> None:
    item = item_of(
        "number",
        {"answer": "5"},
        points=2,
        when=[
            {"answer": "-5", "share": 0.5, "feedback": said("Таңбасы?", "Знак?", "The sign?")},
            {"answer": "0.5", "feedback": said("Үтір?", "Запятая?", "The point?")},
        ],
        otherwise=said("Қайта есепте.", "Посчитай ещё раз.", "Try again."),
    )
    found = score(item, answer)
    assert (found.points, found.feedback.get("kk")) == (points, said_in_kazakh)


def test_the_key_is_shown_with_its_unit() -> None:
    assert item_of("number", SPEED).right_answer == "72 км/ч"
    only = [{"spellings": ["ч"], "factor": "60"}]
    item = item_of("number", {"answer": "90", "unit": only})
    assert item.right_answer == "3/2 ч"
    assert score(item, item.right_answer).correct


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "5", "units": ["2"]},
        {"answer": "5", "units": [""]},
        {"answer": "5", "units": "km"},
        {"answer": "5", "units": ["/2"]},
        {"answer": "5", "unit": [{"spellings": ["m"], "factor": "0"}]},
        {"answer": "5", "unit": [{"spellings": [], "factor": "1"}]},
        {"answer": "5", "when": [{"feedback": {"kk": "?"}}]},
        {"answer": "5", "otherwise": "?"},
    ],
)
def test_what_cannot_be_scored_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("number", fields)
