from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import FormatError, UnknownFormatError
from content.patches.media_patch import SEGMENT_BYTES, Head, Segment, count_segments, read_head


@given(st.builds(Head, st.integers(0, 2**25), st.just(())))
def test_heads_there_and_back(head: Head) -> None:
    count = count_segments(head.new_bytes)
    assert (count - 1) * SEGMENT_BYTES < head.new_bytes <= count * SEGMENT_BYTES
    whole = Head(head.new_bytes, tuple(Segment(n, n + 1, n + 2) for n in range(count)))
    read = read_head(io.BytesIO(whole.to_bytes()), "It")
    assert (read.new_bytes, read.segments) == (whole.new_bytes, whole.segments)
    assert read.head_bytes == len(whole.to_bytes())


@given(st.binary(max_size=100))
def test_hostile_heads(body: bytes) -> None:
    for data in (body, b"KRNM\x01" + body, b"KRNM\x01" + len(body).to_bytes(4, "big") + body):
        try:
            head = read_head(io.BytesIO(data), "It")
        except FormatError:
            continue
        assert len(head.segments) <= len(data)


def test_heads_from_elsewhere() -> None:
    with pytest.raises(UnknownFormatError):
        read_head(io.BytesIO(b"KRNM\x02\0\0\0\0"), "It")
    with pytest.raises(FormatError, match="too long"):
        read_head(io.BytesIO(b"KRNM\x01\xff\xff\xff\xff"), "It")
