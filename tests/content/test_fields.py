from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import ContentError, FormatError, SourceError
from content.fields import IDENTIFIER, SHA256_HEX, Fields

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


def test_a_table_is_wanted() -> None:
    for value in ([], None, "x", 3):
        with pytest.raises(FormatError, match=r"^x\.json must be a table"):
            Fields(value, "x.json")


def test_the_place_of_what_is_within() -> None:
    fields = Fields({"a": {"b": [{"c": 1}, {}]}}, "x.toml", SourceError)
    second = fields.child("a").children("b")[1]
    with pytest.raises(SourceError, match=r'^x\.toml: a: b 2: "c" is missing'):
        second.integer("c", 0, 1)


def test_defaults_stand_in_for_what_is_absent_only() -> None:
    fields = Fields({"bad": None}, "x")
    assert fields.integer("none", 1, 2, default=2) == 2
    assert fields.string("none", "d") == "d"
    assert fields.text("none", required=False) == {}
    assert fields.sequence("none", required=False) == ()
    with pytest.raises(FormatError):
        fields.integer("bad", 1, 2, default=2)
    with pytest.raises(FormatError):
        fields.text("bad", required=False)


def test_truth_is_no_number() -> None:
    fields = Fields({"n": True}, "x")
    with pytest.raises(FormatError):
        fields.integer("n", 0, 5)
    with pytest.raises(FormatError):
        fields.number("n", 0, 5)


def test_patterns_match_to_the_very_end() -> None:
    assert not IDENTIFIER.match("a\n")
    assert not SHA256_HEX.match("0" * 64 + "\n")
    with pytest.raises(FormatError, match="twice"):
        Fields({"l": ["a", "a"]}, "x").strings("l", IDENTIFIER, "names")
    with pytest.raises(FormatError, match="more than 2 entries"):
        Fields({"l": [1, 2, 3]}, "x").sequence("l", limit=2)


@given(JUNK)
def test_every_reader_returns_its_type_or_refuses(value: object) -> None:
    fields = Fields({"f": value}, "x")
    readers = {
        str: lambda: fields.string("f"),
        int: lambda: fields.integer("f", -5, 5),
        float: lambda: fields.number("f", -5, 5),
        bool: lambda: fields.flag("f"),
        dict: lambda: fields.text("f"),
        tuple: lambda: fields.strings("f", IDENTIFIER, "names"),
    }
    for kind, read in readers.items():
        try:
            found = read()
        except ContentError as problem:
            str(problem).encode("utf-8")
        else:
            assert isinstance(found, kind)
            assert found != "" and found != {}
            assert not isinstance(found, float) or math.isfinite(found)
