from __future__ import annotations

import contextlib
import copy
from typing import Any, Callable, Dict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import ContentError, SourceError
from content.fields import Fields
from content.task import read_task, task_problems

GOOD: Dict[str, Any] = {
    "title": {"kk": "т"},
    "minutes": 5,
    "feedback": "none",
    "item": [
        {
            "id": "c",
            "kind": "choice",
            "prompt": {"kk": "?"},
            "choice": [
                {"id": "a", "text": {"kk": "а"}, "correct": True},
                {"id": "b", "text": {"kk": "б"}},
            ],
        },
        {"id": "n", "kind": "number", "prompt": {"kk": "?"}, "answer": "2.5", "points": 0.5},
        {"id": "t", "kind": "text", "prompt": {"kk": "?"}, "rubric": {"kk": "!"}},
    ],
}


def read(values: object) -> Any:
    return read_task("steps", Fields(values, "steps.toml", SourceError))


def test_a_good_task() -> None:
    task = read(GOOD)
    assert (task.id, task.minutes, task.feedback, task.points) == ("steps", 5, "none", 2.5)
    assert [item.kind for item in task.items] == ["choice", "number", "text"]
    assert task.items[0].correct_ids == ("a",)
    assert task.item("n").body.answer == "2.5"
    assert task.item("zzz") is None


def test_numbers_may_be_written_without_quotes() -> None:
    values = copy.deepcopy(GOOD)
    values["item"][1].update(answer=5, tolerance=0.01)
    item = read(values).items[1]
    assert (item.body.answer, item.body.tolerance) == ("5", "0.01")


BREAKS: Dict[str, Callable[[Dict[str, Any]], object]] = {
    '"title" is missing': lambda task: task.pop("title"),
    '"item" is missing': lambda task: task.pop("item"),
    "at least one question": lambda task: task.update(item=[]),
    "must be one of at-once": lambda task: task.update(feedback="never"),
    '"minutes" must be a whole': lambda task: task.update(minutes=True),
    "must be one of choice": lambda task: task["item"][0].update(kind="riddle"),
    "exactly one correct": lambda task: task["item"][0]["choice"][1].update(correct=True),
    "has 0 right answers": lambda task: task["item"][0]["choice"][0].update(correct=False),
    "must be true or false": lambda task: task["item"][0]["choice"][0].update(correct="yes"),
    "must be given 2 to 20": lambda task: task["item"][0]["choice"].pop(),
    '"choice" uses the id': lambda task: task["item"][0]["choice"][1].update(id="a"),
    '"item" uses the id': lambda task: task["item"][1].update(id="c"),
    "give the right number": lambda task: task["item"][1].pop("answer"),
    'such as "2.5"': lambda task: task["item"][1].update(answer="many"),
    "must not be negative": lambda task: task["item"][1].update(tolerance="-1"),
    "does not belong": lambda task: task["item"][2].update(choice=task["item"][0]["choice"]),
    "two decimals": lambda task: task["item"][1].update(points=0.333),
    '"points" must be a number': lambda task: task["item"][1].update(points=float("nan")),
    "small Latin letters": lambda task: task["item"][1].update(id="../x"),
    "a text for each language": lambda task: task["item"][1].update(prompt="?"),
    "names the language": lambda task: task["item"][1].update(prompt={"../x": "?"}),
    "not empty": lambda task: task["item"][1].update(prompt={"kk": "  "}),
    "half a character": lambda task: task["item"][1].update(prompt={"kk": "\ud800"}),
}


@pytest.mark.parametrize("words", BREAKS)
def test_what_is_wrong_is_said_with_its_place(words: str) -> None:
    values = copy.deepcopy(GOOD)
    BREAKS[words](values)
    with pytest.raises(SourceError) as caught:
        read(values)
    assert str(caught.value).startswith("steps.toml")
    assert words in str(caught.value)


def test_several_choices_need_one_right_answer() -> None:
    values = copy.deepcopy(GOOD)
    values["item"][0].update(kind="choices")
    values["item"][0]["choice"][0]["correct"] = False
    with pytest.raises(SourceError, match="at least one"):
        read(values)


def test_every_bad_item_is_told() -> None:
    values = copy.deepcopy(GOOD)
    values["item"][0]["choice"].pop()
    values["item"][1]["answer"] = "?"
    problems = task_problems(Fields(values, "steps.toml", SourceError))
    assert [str(one)[:18] for one in problems] == ["steps.toml: item 1", "steps.toml: item 2"]


JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | st.just([])
    | st.just({})
)


@given(st.data())
def test_any_field_replaced_by_junk_is_read_or_refused(data: st.DataObject) -> None:
    values = copy.deepcopy(GOOD)
    holders = [values, *values["item"], *values["item"][0]["choice"]]
    holder = data.draw(st.sampled_from(holders))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(JUNK)
    with contextlib.suppress(ContentError):
        read(values)
