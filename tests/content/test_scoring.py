from __future__ import annotations

import json
from typing import Any, List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.items.choosing import Choosing
from content.items.number import Number
from content.scoring import score_item, score_task
from content.task import Choice, Item, Task

PROMPT = {"ru": "?"}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


def choices(right: str, wrong: str = "") -> tuple[Choice, ...]:
    rows = [(one, True) for one in right] + [(one, False) for one in wrong]
    return tuple(Choice(one, PROMPT, is_right, {"ru": f"said {one}"}) for one, is_right in rows)


ONE = Item("one", "choice", 2, PROMPT, Choosing(choices("a", "bc")))
MANY = Item("many", "choices", 3, PROMPT, Choosing(choices("abc", "xy")))
NUMBER = Item("number", "number", 1, PROMPT, Number("5/2"))
NEAR = Item("near", "number", 1, PROMPT, Number("0.3333", "0.001"))
TEXT = Item("text", "text", 4, PROMPT)
TASK = Task("t", PROMPT, 10, "after", (ONE, MANY, NUMBER, NEAR, TEXT))


@pytest.mark.parametrize(
    ("item", "answer", "points"),
    [
        (ONE, "a", 2),
        (ONE, "b", 0),
        (ONE, "zzz", 0),
        (ONE, None, 0),
        (ONE, ["a"], 0),
        (MANY, ["a", "b", "c"], 3),
        (MANY, ("c", "a", "b", "a"), 3),
        (MANY, ["a"], 1),
        (MANY, ["a", "b"], 2),
        (MANY, ["a", "b", "x"], 1),
        (MANY, ["a", "x"], 0),
        (MANY, ["x", "y"], 0),
        (MANY, ["a", "b", "c", "x", "y"], 1),
        (MANY, ["a", "unknown"], 0),
        (MANY, [], 0),
        (MANY, "a", 0),
        (MANY, [["a"]], 0),
        (MANY, {"a": 1}, 0),
        (NUMBER, "2,5", 1),
        (NUMBER, "x = 5/2", 1),
        (NUMBER, "2.51", 0),
        (NUMBER, 2.5, 0),
        (NEAR, "1/3", 1),
        (NEAR, "0.3343", 1),
        (NEAR, "0.33431", 0),
        (TEXT, "", 0),
        (TEXT, "  \n", 0),
        (TEXT, 5, 0),
        (TEXT, None, 0),
    ],
)
def test_answers_and_points(item: Item, answer: object, points: float) -> None:
    score = score_item(item, answer)
    assert score.points == points
    assert score.of == item.points
    assert score.correct is (points == item.points)


def test_a_third_of_a_point_is_rounded_to_hundredths() -> None:
    item = Item("i", "choices", 1, PROMPT, Choosing(choices("abc", "x")))
    assert score_item(item, ["a"]).points == 0.33
    assert score_item(item, ["a", "b"]).points == 0.67


def test_text_waits_for_the_teacher() -> None:
    score = score_item(TEXT, "because")
    assert (score.points, score.of, score.correct) == (None, 4, None)


def test_feedback_is_what_the_author_says_to_the_choice() -> None:
    assert score_item(ONE, "b").feedback == {"ru": "said b"}
    assert score_item(MANY, ["x", "a"]).feedback == {"ru": "said a\n\nsaid x"}
    assert score_item(ONE, None).feedback == {}


def test_the_task_adds_up() -> None:
    answers = {"one": "a", "many": ["a", "b"], "number": "2,5", "text": "so", "unknown": "x"}
    score = score_task(TASK, answers)
    assert (score.points, score.of, score.waiting) == (5, 11, 4)
    assert list(score.items) == ["one", "many", "number", "near", "text"]
    assert score_task(TASK, {}).points == 0
    assert score_task(TASK, {}).waiting == 0


def test_ten_tenths_are_one() -> None:
    items = tuple(
        Item(f"i{n}", "choice", 0.1, PROMPT, Choosing(choices("a", "b"))) for n in range(10)
    )
    task = Task("t", PROMPT, 1, "none", items)
    assert score_task(task, {item.id: "a" for item in items}).points == 1


@given(st.lists(st.sampled_from("abcxyz")), st.randoms(use_true_random=False))
def test_the_order_of_choices_never_matters(answer: List[str], random: Any) -> None:
    shuffled = list(answer)
    random.shuffle(shuffled)
    listed = list(MANY.choices)
    random.shuffle(listed)
    other = Item("many", "choices", 3, PROMPT, Choosing(tuple(listed)))
    assert score_item(MANY, answer).points == score_item(MANY, shuffled).points
    assert score_item(MANY, answer).points == score_item(other, answer).points


@given(
    st.integers(1, 10_000),
    st.sets(st.sampled_from("abcdefg"), min_size=1),
    st.sets(st.sampled_from("vwxyz")),
    st.sets(st.sampled_from("abcdefgvwxyz")),
)
def test_partial_credit_stays_within_bounds(
    hundredths: int, right: set[str], wrong: set[str], chosen: set[str]
) -> None:
    points = hundredths / 100
    item = Item("i", "choices", points, PROMPT, Choosing(choices("".join(right), "".join(wrong))))
    score = score_item(item, sorted(chosen))
    assert score.points is not None
    assert 0 <= score.points <= points
    assert round(score.points * 100) / 100 == score.points
    assert score_item(item, sorted(right)).points == points
    # Taking a wrong choice back never costs anything.
    better = score_item(item, sorted(chosen & right)).points
    assert better is not None
    assert better >= score.points


@given(st.dictionaries(st.sampled_from([item.id for item in TASK.items]), ANYTHING))
def test_any_answers_score_the_same_twice_and_never_crash(answers: dict[str, Any]) -> None:
    first = score_task(TASK, answers)
    assert first == score_task(TASK, answers)
    assert 0 <= first.points <= first.points + first.waiting <= first.of
    json.dumps([first.points, first.of, first.waiting])


@pytest.mark.parametrize("answer", [None, [], "", "words", 5, [1]])
def test_nothing_attached_is_worth_nothing(answer: Any) -> None:
    item = Item("photo", "file", 3, PROMPT)
    assert score_item(item, answer).points == 0


def test_what_is_attached_waits_for_the_teacher() -> None:
    task = Task("t", PROMPT, 1, "after", (Item("photo", "file", 3, PROMPT),))
    score = score_task(task, {"photo": ["A" * 43]})
    assert (score.points, score.of, score.waiting) == (0, 3, 3)
