from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import SourceError
from tests.content.items.asking import item_of, score

ABCDE = {"part": [{"id": one, "text": {"kk": one}} for one in "abcde"]}


@pytest.mark.parametrize(
    ("answer", "by_next", "by_place", "by_run"),
    [
        ("abcde", 4, 4, 4),
        ("bcdea", 3, 0, 3),
        ("eabcd", 3, 0, 3),
        ("abced", 2, 2.4, 3),
        ("acbde", 1, 2.4, 3),
        ("edcba", 0, 0.8, 0),
        ("abc", 2, 2.4, 2),
        ("a", 0, 0.8, 0),
        ("", 0, 0, 0),
        ("aabcd", 0, 0, 0),
        ("abcdx", 0, 0, 0),
    ],
)
def test_answers_and_points(answer: str, by_next: float, by_place: float, by_run: float) -> None:
    given_ids = list(answer)
    points = {
        by: score(item_of("order", ABCDE, points=4, by=by), given_ids).points
        for by in ("next", "place", "run")
    }
    assert points == {"next": by_next, "place": by_place, "run": by_run}


@pytest.mark.parametrize("answer", [None, "abcde", 5, {"a": "b"}, [["a"]], [1, 2], b"abcde"])
def test_another_type_is_worth_nothing(answer: object) -> None:
    assert score(item_of("order", ABCDE), answer).points == 0


def test_pressing_at_random_earns_a_part_in_n() -> None:
    item = item_of("order", ABCDE, points=4)
    earned = [score(item, order).points or 0 for order in itertools.permutations("abcde")]
    assert sum(earned) / len(earned) == pytest.approx(4 / 5)


def test_parts_behind_their_right_neighbour_are_shown_as_right() -> None:
    parts = score(item_of("order", ABCDE), list("bcade")).parts
    assert parts == {"b": False, "c": True, "a": False, "d": False, "e": True}
    assert all(score(item_of("order", ABCDE), list("abcde")).parts.values())


@pytest.mark.parametrize(
    "fields",
    [{"part": ABCDE["part"][:1]}, {"part": ABCDE["part"] * 2}, {**ABCDE, "by": "luck"}, {}],
)
def test_what_cannot_be_scored_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("order", fields)


@given(st.permutations("abcde"), st.sampled_from(["next", "place", "run"]))
def test_only_the_right_order_earns_everything(order: list[str], by: str) -> None:
    found = score(item_of("order", ABCDE, points=4, by=by), order)
    assert (found.points == 4) is (order == list("abcde"))
