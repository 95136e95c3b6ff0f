from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.canonical import from_json, to_canonical
from content.errors import ContentError, FormatError, SourceError, TooLargeError

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_there_and_back(value: object) -> None:
    data = to_canonical(value)
    assert from_json(data, "x", 1_000_000) == value
    assert to_canonical(from_json(data, "x", 1_000_000)) == data


def test_one_writing() -> None:
    assert to_canonical({"b": 1, "a": "Сәлем/"}) == '{"a":"Сәлем/","b":1}'.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a":1,"a":2}',
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"1" * 100_000,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"[" * 33 + b"]" * 33,
        b'{"\\ud800":1}',
        b'{"a":{"b":["\\uDfff"]}}',
        b"[}",
        b"[\\" + b'"[" * 900',
        b"\xff\xfe",
        b"1 2",
        b'"\\ud8"',
        b"0." + b"1" * 1000,
    ],
)
def test_hostile_json_is_a_typed_error_that_names_the_file(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"^lesson\.json "):
        from_json(data, "lesson.json", 1_000_000)


@pytest.mark.parametrize("data", [b"[{}," * 30, b"[" * 900, b'{"a":[' * 400, b'["\\\\",' * 500])
def test_depth_is_seen_past_strings_and_escapes(data: bytes) -> None:
    ends = {b"[": b"]", b"{": b"}"}
    opened = [data[at : at + 1] for at in range(len(data)) if data[at : at + 1] in ends]
    closed = b"".join(ends[one] for one in reversed(opened))
    with pytest.raises(FormatError):
        from_json(data + b"0" + closed, "x", 1_000_000)


@given(VALUES, st.integers(0, 31))
def test_brackets_and_quotes_in_strings_are_no_nesting(value: object, depth: int) -> None:
    text = '[{"' * 40 + "\\"
    deep: object = [text, value]
    for _ in range(min(depth, 10)):
        deep = {text: deep}
    assert from_json(to_canonical(deep), "x", 1_000_000) == deep


@pytest.mark.parametrize("one", [b"[]", b"{}", b'{"":{}}'])
def test_more_tables_than_memory_should_hold_are_refused(one: bytes) -> None:
    data = b"[" + b",".join([one] * 300_000) + b"]"
    with pytest.raises(TooLargeError, match="more values"):
        from_json(data, "x", 8_000_000)
    with pytest.raises(TooLargeError, match="more values"):
        from_json(b"[" + b"0," * 1_000_001 + b"0]", "x", 8_000_000)


def test_a_pair_of_halves_is_a_character() -> None:
    assert from_json(b'["\\ud83d\\ude00"]', "x", 100) == ["\U0001f600"]


def test_the_limit_and_the_callers_error() -> None:
    with pytest.raises(TooLargeError):
        from_json(b"[1,2,3]", "x", 6)
    with pytest.raises(SourceError):
        from_json(b"{", "x", 6, SourceError)


@given(st.binary(max_size=200))
def test_noise_never_escapes(noise: bytes) -> None:
    with contextlib.suppress(ContentError):
        from_json(noise, "x", 100)
