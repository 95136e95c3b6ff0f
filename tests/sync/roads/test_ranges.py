from __future__ import annotations

from typing import Dict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import LinkError, ObjectError, SyncError
from sync.objects import ObjectSpec
from sync.roads.ranges import bytes_to_skip

SPEC = ObjectSpec("ab" * 32, 1000)


@pytest.mark.parametrize(
    ("position", "status", "headers", "skip"),
    [
        (0, 200, {"Content-Length": "1000"}, 0),
        (0, 200, {}, 0),
        (400, 200, {"Content-Length": "1000"}, 400),
        (400, 206, {"Content-Range": "bytes 400-999/1000", "Content-Length": "600"}, 0),
        (400, 206, {"Content-Range": "bytes 400-499/1000", "Content-Length": "100"}, 0),
        (400, 206, {"Content-Range": "bytes 300-999/*"}, 100),
        (0, 200, {"Content-Length": "1000", "Content-Encoding": "identity"}, 0),
    ],
)
def test_good_answers(position: int, status: int, headers: Dict[str, str], skip: int) -> None:
    assert bytes_to_skip(SPEC, position, status, headers) == skip


@pytest.mark.parametrize(
    ("status", "headers", "code"),
    [
        (404, {}, "object-missing"),
        (403, {}, "object-missing"),
        (416, {}, "object-size"),
        (200, {"Content-Length": "999"}, "object-size"),
        (200, {"Content-Length": "1001"}, "object-size"),
        (200, {"Content-Length": "999", "Content-Type": "text/html"}, "link-captive"),
        (206, {"Content-Range": "bytes 400-999/2000"}, "object-size"),
        (206, {"Content-Range": "bytes 400-999/1000", "Content-Length": "601"}, "object-size"),
        (206, {"Content-Range": "bytes 500-999/1000"}, "link-altered"),
        (206, {}, "link-altered"),
        (206, {"Content-Range": "x"}, "link-altered"),
        (200, {"Content-Length": "1000", "Content-Encoding": "gzip"}, "link-altered"),
        (302, {}, "link-captive"),
        (204, {}, "link-captive"),
        (511, {}, "link-captive"),
    ],
)
def test_bad_answers(status: int, headers: Dict[str, str], code: str) -> None:
    with pytest.raises((ObjectError, LinkError)) as caught:
        bytes_to_skip(SPEC, 400, status, headers)
    assert caught.value.code == code


@given(
    st.integers(0, 999),
    st.sampled_from([200, 206]),
    st.dictionaries(
        st.sampled_from(["Content-Range", "Content-Length", "Content-Type", "Content-Encoding"]),
        st.text(max_size=20)
        | st.from_regex(r"bytes [0-9]{1,4}-[0-9]{1,4}/([0-9]{1,4}|\*)", fullmatch=True)
        | st.from_regex("[0-9]{1,20}", fullmatch=True),
    ),
)
def test_headers_may_be_anything(position: int, status: int, headers: Dict[str, str]) -> None:
    try:
        skip = bytes_to_skip(SPEC, position, status, headers)
    except SyncError:
        return
    assert 0 <= skip <= position
