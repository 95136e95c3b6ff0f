from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import SourceError
from tests.content.items.asking import item_of, score
from tests.content.items.samples import SAMPLES, said


@pytest.mark.parametrize(
    ("answer", "points", "parts"),
    [
        ({"kz": "astana", "ru": "moscow"}, 2, {"kz": True, "ru": True}),
        ({"kz": "astana", "ru": "almaty"}, 1, {"kz": True, "ru": False}),
        ({"kz": "astana"}, 1, {"kz": True}),
        ({"kz": "moscow", "ru": "astana"}, 0, {"kz": False, "ru": False}),
        ({"kz": "astana", "fr": "paris"}, 1, {"kz": True}),
        ({"kz": 5, "ru": None}, 0, {}),
        ({"kz": ""}, 0, {}),
        ({}, 0, {}),
        (["astana"], 0, {}),
        ("astana", 0, {}),
    ],
)
def test_answers_and_points(answer: object, points: float, parts: dict[str, bool]) -> None:
    found = score(item_of("match", points=2), answer)
    assert (found.points, found.parts) == (points, parts)


def test_the_author_speaks_to_a_wrong_row_only() -> None:
    rows = [dict(row, feedback=said("?", "Подумай.", "?")) for row in SAMPLES["match"]["row"]]
    item = item_of("match", row=rows)
    assert score(item, {"kz": "almaty", "ru": "moscow"}).feedback["ru"] == "Подумай."
    assert score(item, item.right_answer).feedback == {}


def test_an_option_may_serve_several_rows() -> None:
    rows = [dict(row, match="astana") for row in SAMPLES["match"]["row"]]
    assert score(item_of("match", row=rows), {"ru": "astana", "kz": "astana"}).points == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"row": []},
        {"option": SAMPLES["match"]["option"][:1]},
        {"row": [dict(SAMPLES["match"]["row"][0], match="paris")]},
        {"row": SAMPLES["match"]["row"] * 2},
        {"option": SAMPLES["match"]["option"] * 2},
    ],
)
def test_what_cannot_be_scored_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("match", **changed)


@given(st.permutations(SAMPLES["match"]["option"]), st.permutations(SAMPLES["match"]["row"]))
def test_the_order_of_rows_and_options_never_matters(options: object, rows: object) -> None:
    item = item_of("match", option=options, row=rows)
    assert score(item, {"kz": "astana", "ru": "almaty"}).points == 0.5
