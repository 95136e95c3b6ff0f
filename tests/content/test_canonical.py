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
        b"\xff\xfe",
        b"1 2",
        b'"\\ud8"',
        b"0." + b"1" * 1000,
    ],
)
def test_hostile_json_is_a_typed_error_that_names_the_file(data: bytes) -> None:
    with pytest.raises(FormatError, match=r"^lesson\.json "):
        from_json(data, "lesson.json", 1_000_000)


def test_the_limit_and_the_callers_error() -> None:
    with pytest.raises(TooLargeError):
        from_json(b"[1,2,3]", "x", 6)
    with pytest.raises(SourceError):
        from_json(b"{", "x", 6, SourceError)


@given(st.binary(max_size=200))
def test_noise_never_escapes(noise: bytes) -> None:
    with contextlib.suppress(ContentError):
        from_json(noise, "x", 100)
