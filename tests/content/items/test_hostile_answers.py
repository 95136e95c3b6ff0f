"""Whatever is in an answer, it is scored, within bounds, and the same again."""

from __future__ import annotations

import contextlib
import copy
from typing import Any, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import ContentError
from content.items.registry import KINDS
from tests.content.items.asking import item_of, score
from tests.content.items.samples import SAMPLES
from tests.support.examples import examples

WORDS = st.text(max_size=5) | st.sampled_from(
    ["yes", "no", "one", "two", "kz", "astana", "what", "year", "1997", "c", "500,500", "b1", "10"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(WORDS, inner, max_size=4)
    ),
    max_leaves=8,
)
JUNK = st.sampled_from(
    [None, True, -1, 10**30, float("nan"), "", "x", "{{x}}", [], {}, [[]], "\ud800"]
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=examples(60))
@given(answer=ANYTHING)
def test_any_answer_is_scored_within_bounds(kind: str, answer: Any) -> None:
    score(item_of(kind, points=0.07), answer)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_word_of_a_megabyte_is_scored_soon(kind: str) -> None:
    item = item_of(kind)
    right = item.right_answer
    names = list(right) if isinstance(right, dict) else ["x"]
    long = "1а " * 350_000
    for answer in (long, [long], dict.fromkeys(names, long)):
        assert score(item, answer).points in (0, None)


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, (dict, list)):
        if value:
            yield value
        for one in value.values() if isinstance(value, dict) else value:
            yield from _holders(one)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=examples(60))
@given(data=st.data())
def test_any_field_replaced_by_junk_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    fields = copy.deepcopy(SAMPLES[kind])
    holder = data.draw(st.sampled_from(list(_holders(fields))))
    places = sorted(holder) if isinstance(holder, dict) else range(len(holder))
    holder[data.draw(st.sampled_from(places))] = data.draw(JUNK)
    with contextlib.suppress(ContentError):
        item = item_of(kind, fields)
        score(item, item.right_answer)
        list(item.texts())
