from __future__ import annotations

import pytest

from content.errors import SourceError
from content.items.gaps import split_passage
from tests.content.items.asking import item_of, score
from tests.content.items.samples import SAMPLES, said

RIGHT = {"what": "столица", "year": "1997", "sure": "yes"}


@pytest.mark.parametrize(
    ("answer", "points", "parts"),
    [
        (RIGHT, 4, {"what": True, "year": True, "sure": True}),
        ({**RIGHT, "what": "Астана"}, 4, {"what": True, "year": True, "sure": True}),
        ({**RIGHT, "what": "THE capital"}, 3, {"what": False, "year": True, "sure": True}),
        ({**RIGHT, "year": "1998"}, 2, {"what": True, "year": False, "sure": True}),
        ({"year": "1997,0"}, 2, {"year": True}),
        ({"sure": "no"}, 0, {"sure": False}),
        ({"sure": "perhaps", "more": "yes"}, 0, {"sure": False}),
        ({"what": ["столица"], "year": 1997}, 0, {}),
        ("столица", 0, {}),
    ],
)
def test_answers_and_points(answer: object, points: float, parts: dict[str, bool]) -> None:
    found = score(item_of("gaps", points=4), answer)
    assert (found.points, found.parts) == (points, parts)


def test_the_feedback_of_the_gaps_is_joined() -> None:
    assert score(item_of("gaps"), {"sure": "no"}).feedback["en"] == "Think."


@pytest.mark.parametrize(
    ("passage", "pieces"),
    [
        ("a {{one}} b {{ two }}", ("a ", "one", " b ", "two", "")),
        (r"$\frac{{a}}{{b}}$ {{a}}", (r"$\frac{{a}}{{b}}$ ", "a", "")),
        ("$${{a}}$$\n\n{{a}}", ("$${{a}}$$\n\n", "a", "")),
        ("{{= a*x }} {{A}} {a}", ("{{= a*x }} {{A}} {a}",)),
        ("5 $ and {{a}} $", ("5 $ and {{a}} $",)),
        ("", ("",)),
    ],
)
def test_a_passage_is_cut_at_its_gaps_outside_of_formulas(passage: str, pieces: object) -> None:
    assert split_passage(passage) == pieces


@pytest.mark.parametrize(
    "changed",
    [
        {"passage": said("{{what}}", "{{what}}", "{{what}}")},
        {"passage": said("{{what}}{{year}}{{sure}}", "{{what}}{{year}}", "{{sure}}")},
        {"passage": {"kk": "{{what}}{{year}}{{sure}}{{sure}}"}},
        {"passage": {"kk": "{{what}}{{year}}{{sure}}{{more}}"}},
        {"gap": []},
        {"gap": [*SAMPLES["gaps"]["gap"], SAMPLES["gaps"]["gap"][0]]},
        {"gap": [{"id": "what", "kind": "text"}]},
        {"gap": [{"id": "what", "kind": "gaps"}]},
        {"gap": [{"id": "what", "kind": "number", "answer": "1", "weight": 0}]},
    ],
)
def test_what_cannot_be_scored_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("gaps", **changed)
