from __future__ import annotations

import json
from typing import Any, List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import canonical_json
from sync.errors import MessageError
from sync.exchanges.columns import CELL_BYTES, Allowance, pack_column, unpack_column

PLENTY_BYTES = 1 << 20
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", ",", "a,b;|/\t"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab,", max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)
columns = st.lists(values, min_size=1, max_size=6) | st.builds(
    lambda value, count: [value] * count, values, st.integers(1, 5)
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("nvkx"), inner),
    max_leaves=12,
)


def through_the_wire(items: List[Any]) -> List[Any]:
    wire = json.loads(json.dumps(pack_column(items)))
    return unpack_column(wire, len(items), "column", Allowance(PLENTY_BYTES))


@given(columns)
def test_what_is_packed_comes_out_the_same_to_the_byte(items: List[Any]) -> None:
    assert canonical_json(through_the_wire(items)) == canonical_json(items)


@pytest.mark.parametrize(
    ("items", "packed"),
    [
        ([1, 1, 1], [1]),
        ([1, True, 1], [1, True, 1]),
        (["a", "-3", ""], ",a,-3,"),
        (["a", "-3,5"], ";a;-3,5"),
        (["q", "q"], ["q"]),
        (["", "x,;|/\t"], ["", "x,;|/\t"]),
        ([["b", "c"], []], {"n": [2, 0], "v": ",b,c"}),
        ([{"q1": "a"}, {"q1": "b", "q2": 2}], {"n": [1, 2], "v": ["a", "b", 2], "k": ",q1,q1,q2"}),
        ([{}], {"n": [0], "v": "", "k": ""}),
    ],
)
def test_the_forms(items: List[Any], packed: Any) -> None:
    assert pack_column(items) == packed
    assert canonical_json(through_the_wire(items)) == canonical_json(items)


@given(junk, st.integers(0, 4))
def test_junk_is_refused_or_has_as_many_values_as_asked_for(column: Any, count: int) -> None:
    try:
        found = unpack_column(column, count, "column", Allowance(10_000))
    except MessageError as error:
        assert error.code == "message-malformed"
    else:
        assert len(found) == count


@pytest.mark.parametrize(
    ("column", "count"),
    [
        (["x" * 1000], 1000),
        ([0], 1 << 60),
        ({"n": [1 << 40], "v": [0]}, 1),
        ({"n": [1 << 40], "v": [0], "k": ["a"]}, 1),
        ([{"a": ["x" * 500]}], 2000),
    ],
)
def test_a_value_that_stands_for_many_is_charged_for_each(column: Any, count: int) -> None:
    with pytest.raises(MessageError) as caught:
        unpack_column(column, count, "column", Allowance(500_000))
    assert caught.value.code == "message-malformed"


def test_nesting_is_bounded() -> None:
    column: Any = ",a"
    for _ in range(60):
        column = {"n": [1], "v": column}
    with pytest.raises(MessageError):
        unpack_column(column, 1, "column", Allowance(PLENTY_BYTES))


def test_a_name_twice_in_one_value_is_refused() -> None:
    with pytest.raises(MessageError):
        unpack_column({"n": [2], "v": [1, 2], "k": ",a,a"}, 1, "column", Allowance(PLENTY_BYTES))
    assert CELL_BYTES > 0
