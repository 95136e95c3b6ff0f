from __future__ import annotations

import pytest

from content.items.kind import joined, list_answer, mapping_answer


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        ({"a": "1", "b": " ", "c": 3, 4: "d"}, {"a": "1"}),
        (["a"], {}),
        ("a", {}),
        (None, {}),
    ],
)
def test_only_words_by_a_name_are_parts(answer: object, parts: object) -> None:
    assert mapping_answer(answer) == parts


@pytest.mark.parametrize(
    ("answer", "texts"), [(["a", "b"], ("a", "b")), (["a", 5], ()), ("ab", ()), ({"a": "b"}, ())]
)
def test_only_a_list_of_words_is_one(answer: object, texts: object) -> None:
    assert list_answer(answer) == texts


def test_texts_are_joined_language_by_language() -> None:
    assert joined([{"kk": "а"}, {}, {"kk": "б", "en": "b"}]) == {"kk": "а\n\nб", "en": "b"}
