"""Instances: reproducible, equal for everybody in what counts, and independent of each other."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest

from content.errors import ContentError, SourceError
from content.fields import Fields
from content.task import read_task
from content.variants.instance import instantiate, plain_fields, sample_fields
from content.variants.template import Template, has_variants


def item(item_id: str, **more: Any) -> Dict[str, Any]:
    return {"id": item_id, "kind": "number", "answer": "1", "prompt": {"ru": item_id}, **more}


def task(*items: Dict[str, Any], **more: Any) -> Fields:
    return Fields({"title": {"ru": "T"}, "item": list(items), **more}, "task.toml", SourceError)


def drawn(item_id: str = "one") -> Dict[str, Any]:
    return item(
        item_id,
        answer="{{= a}}",
        prompt={"ru": "{{= a}}"},
        parameter=[{"name": "a", "from": 1, "to": 1000}],
    )


def ids(fields: Any) -> List[str]:
    return [one["id"] for one in fields["item"]]


def test_a_plain_task_is_given_as_it_is() -> None:
    fields = task(item("one"))
    assert not has_variants(fields.values)
    instance = instantiate(fields, "p/l/t", "aigul", 3)
    assert instance.fields is fields.values
    assert instance.mark == ""
    assert sample_fields(fields) is fields


def test_person_attempt_and_task_make_the_difference() -> None:
    fields = task(drawn())
    first = instantiate(fields, "p/l/t", "aigul", 1)
    assert instantiate(fields, "p/l/t", "aigul", 1) == first
    others = [("p/l/t", "aigul", 2), ("p/l/t", "dana", 1), ("p/l/u", "aigul", 1)]
    marks = {instantiate(fields, *one).mark for one in others} | {first.mark}
    assert len(marks) == 4
    assert len(first.mark) == 8


def test_a_new_question_leaves_the_numbers_of_the_others() -> None:
    one = instantiate(task(drawn()), "k", "aigul", 1).fields["item"][0]
    both = instantiate(task(drawn("before"), drawn()), "k", "aigul", 1).fields["item"]
    assert both[1] == one
    assert both[0]["answer"] != one["answer"]


def test_an_instance_is_a_task_without_a_trace_of_variants() -> None:
    fields = task(drawn(), parameter=[{"name": "b", "values": [1, 2]}], shuffle=True, where="b > 0")
    made = instantiate(fields, "k", "aigul", 1).fields
    assert set(made) == {"title", "item"}
    assert set(made["item"][0]) == {"id", "kind", "answer", "prompt"}
    read = read_task("t", plain_fields(fields, instantiate(fields, "k", "aigul", 1)))
    assert read.items[0].right_answer == made["item"][0]["answer"]


def test_banks_draw_as_many_as_they_say_in_the_order_of_the_source() -> None:
    bank = [{"id": "easy", "draw": 2}]
    fields = task(*(item(one, bank="easy") for one in "abcde"), item("last"), bank=bank)
    seen = set()
    for person in range(60):
        chosen = ids(instantiate(fields, "k", str(person), 1).fields)
        assert chosen[-1] == "last"
        assert len(chosen) == 3
        assert chosen[:2] == sorted(chosen[:2])
        seen.add(tuple(chosen[:2]))
    assert len(seen) == 10
    assert ids(sample_fields(fields, whole=True).values) == [*"abcde", "last"]


def test_shuffling_keeps_a_common_text_together() -> None:
    items = [item("a"), item("b", stimulus="s"), item("c", stimulus="s"), item("d")]
    fields = task(*items, shuffle=True)
    orders = {tuple(ids(instantiate(fields, "k", str(one), 1).fields)) for one in range(100)}
    assert len(orders) == 6
    assert all(order.index("c") == order.index("b") + 1 for order in orders)


def test_choices_are_shuffled_and_what_is_fixed_stays() -> None:
    choices = [{"id": one, "text": {"ru": one}, "correct": one == "a"} for one in "abc"]
    choices.append({"id": "none", "text": {"ru": "none"}, "fixed": True})
    fields = task(
        {"id": "q", "kind": "choice", "prompt": {"ru": "?"}, "shuffle": True, "choice": choices}
    )
    orders = set()
    for person in range(60):
        made = instantiate(fields, "k", str(person), 1).fields["item"][0]["choice"]
        orders.add("".join(one["id"][0] for one in made))
        assert next(one for one in made if one["id"] == "a")["correct"]
    assert len(orders) == 6
    assert all(order.endswith("n") for order in orders)


def test_values_of_the_task_reach_its_questions_and_conditions_hold() -> None:
    fields = task(
        item(
            "q",
            answer="{{= a - b}}",
            parameter=[{"name": "b", "from": 1, "to": 9}],
            where=["b < a"],
        ),
        parameter=[{"name": "a", "from": 3, "to": 9}],
        derived=[{"name": "twice", "value": "2*a"}],
    )
    for person in range(50):
        assert int(instantiate(fields, "k", str(person), 1).fields["item"][0]["answer"]) > 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"where": ["a >"]}, "cannot be read"),
        ({"where": ["2 > 1"]}, "no parameter of its own"),
        ({"where": 5}, "must be a list"),
        ({"parameter": [{"name": "if", "from": 1, "to": 2}]}, "Latin letter"),
        ({"parameter": [{"name": "a", "from": 1, "to": 2}] * 2}, "twice"),
        ({"parameter": [{"name": "a", "from": 3, "to": 2}]}, "below"),
        ({"parameter": [{"name": "a", "from": 0, "to": 2, "step": "1/1000000"}]}, "more than"),
        ({"parameter": [{"name": "a", "values": []}]}, "at least one"),
        ({"parameter": [{"name": "a", "values": [1, "word"]}]}, "all numbers"),
        ({"parameter": [{"name": "a", "values": [{"ru": ""}]}]}, "all numbers"),
        ({"derived": [{"name": "a", "value": "b"}]}, "names b"),
        ({"derived": [{"name": "a", "value": "1 < 2"}]}, "number is wanted"),
        ({"bank": [{"id": "x", "draw": 2}]}, "0 questions"),
        ({"item": [item("q", bank="nowhere")]}, "not there"),
        ({"item": [item("q", prompt={"ru": "{{= z}}"})]}, "names z"),
        ({"item": [drawn() for _ in range(201)]}, "more than 200"),
    ],
)
def test_what_no_pupil_could_get_is_refused(more: Dict[str, Any], said: str) -> None:
    fields = Fields({"title": {"ru": "T"}, "item": [drawn()], **more}, "task.toml", SourceError)
    with pytest.raises(ContentError, match=said) as refused:
        sample_fields(fields)
    assert "task.toml" in str(refused.value)


def test_questions_of_a_bank_must_be_worth_the_same() -> None:
    items = [item("a", bank="x"), item("b", bank="x", points=2)]
    with pytest.raises(SourceError, match="different points"):
        Template(task(*items, bank=[{"id": "x", "draw": 1}]))


def test_conditions_that_nothing_meets_end() -> None:
    fields = task(item("q", parameter=[{"name": "a", "from": 1, "to": 9}], where=["a > 9"]))
    with pytest.raises(SourceError, match="1000 draws"):
        sample_fields(fields)
