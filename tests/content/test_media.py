from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.media import duration_s, kind_of
from tests.support.packs import tiny_mp4


def test_kinds() -> None:
    assert [kind_of(name) for name in ("a.MP4", "b.m4a", "c.jpeg", "d.pdf", "e")] == [
        "video",
        "audio",
        "picture",
        "file",
        "file",
    ]


def test_the_length_of_a_video(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    path.write_bytes(tiny_mp4(75, 1000))
    assert duration_s(path) == 75.0


def test_a_header_of_64_bits(tmp_path: Path) -> None:
    header = (
        b"\x01\0\0\0" + bytes(16) + (600).to_bytes(4, "big") + (900).to_bytes(8, "big") + bytes(80)
    )
    mvhd = (len(header) + 8).to_bytes(4, "big") + b"mvhd" + header
    moov = b"\0\0\0\x01moov" + (len(mvhd) + 16).to_bytes(8, "big") + mvhd
    path = tmp_path / "v.mp4"
    path.write_bytes(b"\0\0\0\x08free" + moov)
    assert duration_s(path) == 1.5


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\0\0\0\0moov", b"\0\0\0\x04free", b"\0\0\0\x01free" + bytes(8)]
)
def test_other_files_have_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(data)
    assert duration_s(path) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 200), st.integers(0, 255))
def test_damage_is_survived(tmp_path: Path, at: int, value: int) -> None:
    data = bytearray(tiny_mp4(3, 20))
    data[at % len(data)] = value
    path = tmp_path / "x.mp4"
    path.write_bytes(bytes(data))
    found = duration_s(path)
    assert found is None or found >= 0


def test_boxes_that_claim_more_than_any_file_has(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    box = (1).to_bytes(4, "big") + b"free" + (2**64 - 1).to_bytes(8, "big")
    for data in (box, box * 3, bytes(8) + box, box[:15]):
        path.write_bytes(data)
        assert duration_s(path) is None
