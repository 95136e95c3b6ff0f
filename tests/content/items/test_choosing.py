from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import SourceError
from tests.content.items.asking import item_of, score
from tests.content.items.samples import said

RIVERS = {
    "choice": [
        {"id": "irtysh", "text": said("Ертіс", "Иртыш", "the Irtysh"), "correct": True},
        {
            "id": "volga",
            "text": said("Еділ", "Волга", "the Volga"),
            "share": 0.5,
            "feedback": said("Жартылай.", "Наполовину.", "Half right."),
        },
        {"id": "don", "text": said("Дон", "Дон", "the Don"), "share": -1},
    ]
}
RIVERS["choice"][0]["share"] = 1


@pytest.mark.parametrize(
    ("answer", "points", "feedback"),
    [
        ("irtysh", 4, {}),
        ("volga", 2, said("Жартылай.", "Наполовину.", "Half right.")),
        ("don", 0, {}),
        ("ertis", 0, {}),
        (["irtysh"], 0, {}),
    ],
)
def test_one_choice_may_be_worth_a_share(answer: object, points: float, feedback: object) -> None:
    found = score(item_of("choice", RIVERS, points=4), answer)
    assert (found.points, found.feedback) == (points, feedback)


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (["a", "b", "c"], 3),
        (["a", "b"], 2),
        (["a"], 1),
        (["a", "b", "c", "x"], 2),
        (["a", "x"], 0),
        (["x"], 0),
        (["a", "b", "c", "strange"], 2),
    ],
)
def test_a_wrong_choice_costs_what_a_right_one_earns(answer: object, points: float) -> None:
    found = [{"id": one, "text": {"kk": one}, "correct": True} for one in "abc"]
    found += [{"id": one, "text": {"kk": one}} for one in "xy"]
    assert score(item_of("choices", {"choice": found}, points=3), answer).points == points


@pytest.mark.parametrize(
    ("answer", "points"),
    [(["a", "b", "c"], 1), (["a", "b"], 0.67), (["a", "x"], 0), (["a", "b", "c", "x"], 0.5)],
)
def test_shares_of_other_systems_add_up_to_a_whole(answer: object, points: float) -> None:
    thirds = [{"id": one, "text": {"kk": one}, "correct": True, "share": 0.33333} for one in "abc"]
    wrong = {"id": "x", "text": {"kk": "x"}, "share": -0.5}
    assert score(item_of("choices", {"choice": [*thirds, wrong]}), answer).points == points


def test_all_or_nothing_when_the_author_says_so() -> None:
    found = [{"id": one, "text": {"kk": one}, "correct": True} for one in "ab"]
    item = item_of("choices", {"choice": found}, partial=False)
    assert score(item, ["a"]).points == 0
    assert score(item, ["b", "a"]).points == 1


@pytest.mark.parametrize("share", ["much", 2, -1.5, True, float("nan"), "1/0", "1/00", [], "1e9"])
def test_a_share_is_a_number_within_its_bounds(share: object) -> None:
    wrong = {"id": "x", "text": {"kk": "x"}, "share": share}
    right = {"id": "a", "text": {"kk": "a"}, "correct": True, "share": 1}
    with pytest.raises(SourceError, match="share"):
        item_of("choice", {"choice": [right, wrong]})


def test_right_choices_must_be_able_to_earn_everything() -> None:
    right = {"id": "a", "text": {"kk": "a"}, "correct": True, "share": 0.9}
    with pytest.raises(SourceError, match="make less than 1"):
        item_of("choices", {"choice": [right, {"id": "b", "text": {"kk": "b"}}]})


@given(st.permutations("abcxy"), st.lists(st.sampled_from("abcxyz")), st.permutations("abcxy"))
def test_the_order_of_choices_never_matters(
    order: list[str], answer: list[str], other: list[str]
) -> None:
    def scored(ids: list[str], given_ids: list[str]) -> object:
        found = [{"id": one, "text": {"kk": one}, "correct": one in "abc"} for one in ids]
        return score(item_of("choices", {"choice": found}), given_ids).points

    assert scored(order, answer) == scored(other, sorted(answer))
