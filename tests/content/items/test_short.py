from __future__ import annotations

import pytest

from content.errors import SourceError
from tests.content.items.asking import item_of, score
from tests.content.items.samples import said

KING = {
    "accept": [
        {"text": said("Абылай хан", "Абылай-хан", "Ablai Khan")},
        {
            "text": "Абылай",
            "share": 0.5,
            "feedback": said("Толық аты?", "А полностью?", "In full?"),
        },
        {"text": "*хан*", "wildcards": True, "share": 0.25},
    ],
    "when": [{"answer": "Кенесары", "feedback": said("Кейінірек.", "Позже.", "Later.")}],
    "otherwise": said("18-ғасыр.", "Это XVIII век.", "The 18th century."),
}


@pytest.mark.parametrize(
    ("answer", "points", "feedback"),
    [
        ("Абылай хан", 4, None),
        ("  абылай   ХАН. ", 4, None),
        ("абылай-хан", 4, None),
        ("ablai khan", 4, None),
        ("АБЫЛАЙ", 2, "In full?"),
        ("хан", 1, None),
        ("какой-то хан, кажется", 1, None),
        ("кенесары", 0, "Later."),
        ("Наполеон", 0, "The 18th century."),
        ("", 0, None),
        ("   ", 0, None),
        ("а" * 5000, 0, None),
        (5, 0, None),
        (["Абылай хан"], 0, None),
    ],
)
def test_variants_and_what_they_are_worth(answer: object, points: float, feedback: object) -> None:
    found = score(item_of("short", KING, points=4), answer)
    assert (found.points, found.feedback.get("en")) == (points, feedback)


def test_the_letter_typed_counts_before_the_letter_that_stands_in() -> None:
    fields = {
        "accept": [{"text": "тан", "share": 0.5}, {"text": "таң"}],
    }
    assert score(item_of("short", fields), "таң").points == 1
    assert score(item_of("short", fields), "тан").points == 0.5


def test_strict_and_case() -> None:
    fields = {"accept": [{"text": "Таң"}], "strict": True, "case": True}
    item = item_of("short", fields)
    assert [score(item, one).points for one in ("Таң", "Тан", "таң")] == [1, 0, 0]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"accept": []},
        {"accept": [{"text": ""}]},
        {"accept": [{"text": "a", "share": 0.5}]},
        {"accept": [{"text": "a" * 300}]},
        {"accept": [{"text": "a"}], "case": "no"},
        {"accept": [{"text": ["a"]}]},
    ],
)
def test_what_cannot_be_scored_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"task\.toml: item 1"):
        item_of("short", fields)
