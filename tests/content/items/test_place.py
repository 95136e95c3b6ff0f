from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import SourceError
from content.items.place import parse_place, said_place
from tests.content.items.asking import item_of, score
from tests.content.items.samples import SAMPLES


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        ({"c": "500,500", "r": "0,0", "p": "990,200"}, {"c": True, "r": True, "p": True}),
        # The picture is twice as wide as high: 200 thousandths of its height are the radius.
        ({"c": "500,690"}, {"c": True}),
        ({"c": "500,710"}, {"c": False}),
        ({"c": "590,500"}, {"c": True}),
        ({"c": "610,500"}, {"c": False}),
        ({"r": "100,200"}, {"r": True}),
        ({"r": "101,200"}, {"r": False}),
        ({"p": "850,390"}, {"p": False}),
        ({"p": "900.5, 100.5"}, {"p": True}),
        ({"c": "1001,500"}, {}),
        ({"c": "500"}, {}),
        ({"c": "500,500,500"}, {}),
        ({"c": "nan,inf"}, {}),
        ({"c": "-1,5"}, {}),
        ({"c": ["500", "500"]}, {}),
        ({"x": "5,5"}, {}),
        ("500,500", {}),
    ],
)
def test_a_mark_is_right_anywhere_within(answer: object, parts: dict[str, bool]) -> None:
    found = score(item_of("place", points=3), answer)
    assert (found.points, found.parts) == (sum(parts.values()), parts)


@pytest.mark.parametrize(
    ("x", "y", "said"), [(1.4, 2.6, "1,3"), (-5, 1200, "0,1000"), (1000, 0, "1000,0")]
)
def test_a_place_is_kept_in_whole_thousandths(x: float, y: float, said: str) -> None:
    assert said_place(x, y) == said
    assert parse_place(said) is not None


AREA = {"id": "a", "text": {"kk": "?"}}
HOLLOW = [0, 0, 1000, 0, 1000, 1000, 0, 1000, 0, 900, 900, 900, 900, 100, 0, 100]


def test_a_hollow_area_has_its_sign_within() -> None:
    area = {**AREA, "shape": "polygon", "points": HOLLOW}
    item = item_of("place", area=[area])
    assert score(item, {"a": "500,500"}).points == 0
    assert score(item, item.right_answer).points == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"area": []},
        {"area": [{**AREA, "shape": "star", "points": [1, 2, 3]}]},
        {"area": [{**AREA, "shape": "circle", "points": [1, 2]}]},
        {"area": [{**AREA, "shape": "circle", "points": [1, 2, 2000]}]},
        {"area": [{**AREA, "shape": "circle", "points": [1, 2, float("nan")]}]},
        {"area": [{**AREA, "shape": "circle", "points": [1, 2, "3"]}]},
        {"area": [{**AREA, "shape": "polygon", "points": [1, 2, 3, 4, 5, 6, 7]}]},
        {"area": [{**AREA, "shape": "polygon", "points": [1, 1, 1, 1, 1, 1]}]},
        {"area": SAMPLES["place"]["area"] * 2},
        {"picture": "../../map.png"},
        {"size": [0, 5]},
        {"size": [800]},
        {"size": ["800", "400"]},
        {"size": []},
    ],
)
def test_what_cannot_be_scored_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("place", **changed)


@given(st.lists(st.integers(0, 1000), min_size=6, max_size=12))
def test_the_key_of_any_area_lies_within_it(numbers: list[int]) -> None:
    area = {**AREA, "shape": "polygon", "points": numbers[: len(numbers) // 2 * 2]}
    try:
        item = item_of("place", area=[area])
    except SourceError:
        return
    assert score(item, item.right_answer).correct
