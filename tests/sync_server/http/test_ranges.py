from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.http.ranges import Span, UnsatisfiableError, parse_range


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", Span(0, 100)),
        ("bytes=40-", Span(40, 100)),
        ("bytes=40-49", Span(40, 50)),
        ("bytes=99-99", Span(99, 100)),
        ("bytes=40-5000", Span(40, 100)),
        ("bytes=-30", Span(70, 100)),
        ("bytes=-3000", Span(0, 100)),
        (" Bytes=1-2 ", Span(1, 3)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=١-٢", None),
        ("", None),
    ],
)
def test_one_range_is_understood_and_the_rest_ignored(header, expected):
    assert parse_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_of_the_file_is_told(header):
    with pytest.raises(UnsatisfiableError):
        parse_range(header, 100)


def test_an_empty_file_has_no_range():
    with pytest.raises(UnsatisfiableError):
        parse_range("bytes=0-", 0)


@given(
    st.text(max_size=60) | st.from_regex(r"bytes=[0-9]{0,30}-[0-9]{0,30}"), st.integers(0, 10**12)
)
def test_any_header_gives_a_part_of_the_file_or_none(header, size_bytes):
    try:
        span = parse_range(header, size_bytes)
    except UnsatisfiableError:
        return
    assert span is None or 0 <= span.start < span.stop <= size_bytes
