from __future__ import annotations

from typing import Any, List, Tuple

import pytest

from client.screens.task.said import filled_passage, key_spans, lines_of
from content.items.registry import KINDS
from content.scoring import score_item
from content.text import choose
from tests.content.items.asking import item_of
from tests.content.items.samples import SAMPLES


def russian(text: Any) -> str:
    return choose(text, ["ru"])


def words(spans: Any) -> str:
    return "".join(span.text for span in spans)


def told(kind: str, answer: object) -> List[Tuple[str, str, object, str]]:
    item = item_of(kind)
    lines = lines_of(russian, item, answer, score_item(item, answer).parts)
    return [(words(one.label), words(one.said), one.right, words(one.key)) for one in lines]


def test_rows_are_told_with_what_belongs_to_them() -> None:
    assert told("match", {"kz": "astana", "ru": "almaty"}) == [
        ("Россия:", "Алматы", False, "Москва"),
        ("Казахстан:", "Астана", True, ""),
    ]
    assert told("match", {})[0] == ("Россия:", "", None, "Москва")


def test_parts_are_told_in_the_order_given() -> None:
    assert told("order", ["two", "three", "one"]) == [
        ("1.", "два", False, ""),
        ("2.", "три", True, ""),
        ("3.", "один", False, ""),
    ]


def test_gaps_are_told_in_their_text_and_one_by_one() -> None:
    answer = {"what": "столица", "year": "1998", "sure": "no"}
    assert told("gaps", answer) == [
        ("(1)", "столица", True, ""),
        ("(2)", "1998", False, "1997"),
        ("(3)", "нет", False, "да"),
    ]
    passage = words(filled_passage(russian, item_of("gaps"), {"what": "столица"}))
    assert passage == "Астана – (1) столица с (2) ____ года, (3) ____."


def test_cells_are_told_by_their_row_and_column() -> None:
    assert told("table", {"b1": "11", "a2": "да"}) == [
        ("y | два:", "11", False, "10"),
        ("z | один:", "да", True, ""),
        ("z | два:", "", None, "да"),
    ]


def test_places_are_told_by_what_was_to_be_marked() -> None:
    assert told("place", {"c": "500,500", "r": "999,999"}) == [
        ("1. круг", "", True, ""),
        ("2. квадрат", "", False, ""),
        ("3. треугольник", "", None, ""),
    ]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("choice", "да"),
        ("choices", "да"),
        ("number", "72 км/ч"),
        ("short", "Астана"),
        ("order", "один\nдва\nтри\nчетыре"),
        ("text", ""),
        ("file", ""),
        ("match", ""),
    ],
)
def test_the_right_answer_in_words(kind: str, key: str) -> None:
    assert words(key_spans(russian, item_of(kind))) == key


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "answer", [None, "", "x", ["x", "one"], {"x": "y", "sure": "zzz"}, {"kz": "zzz", "c": "?"}, 5]
)
def test_any_answer_can_be_told(kind: str, answer: object) -> None:
    told(kind, answer)
    assert kind in SAMPLES
