from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import MAX_DEPTH, MAX_INTEGER, canonical_json
from sync.errors import RecordError

fractions = st.floats(1e-4, 1e14) | st.floats(-1e14, -1e-4)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | fractions
    | st.text(st.characters(blacklist_categories=("Cs",))),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(blacklist_categories=("Cs",))), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_reading_and_writing_again_changes_no_byte(value: Any) -> None:
    try:
        data = canonical_json(value)
    except RecordError as error:
        assert "deeper" in error.detail
        return
    assert canonical_json(json.loads(data)) == data


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"b": 1, "a": [True, None, 'қ\n"']}, '{"a":[true,null,"қ\\n\\""],"b":1}'),
        (2.0, "2"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (123456789012345.5, "123456789012345.5"),
        (0.0001, "0.0001"),
        ((1, 2), "[1,2]"),
    ],
)
def test_forms(value: Any, data: str) -> None:
    assert canonical_json(value) == data.encode()


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        1e300,
        1e-5,
        2**53,
        -(2**53),
        1e15 + 0.5,
        "\ud800",
        {1: 2},
        {None: 2},
        b"bytes",
        {1, 2},
        object(),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        canonical_json([value])
    assert caught.value.code == "value-not-canonical"


def test_depth_is_bounded() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    canonical_json(value)
    with pytest.raises(RecordError):
        canonical_json([value])
    for _ in range(5000):
        value = [value]
    with pytest.raises(RecordError):
        canonical_json(value)
