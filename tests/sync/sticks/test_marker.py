from __future__ import annotations

import pytest

from sync.errors import StickError
from sync.sticks.layout import MARKER, README
from sync.sticks.marker import Marker, ensure_marker, make_stick, read_marker
from sync.sticks.volume import find_stick
from tests.support.stick_volume import MemoryVolume


def test_a_stick_is_marked_once() -> None:
    volume = MemoryVolume()
    assert read_marker(volume) is None
    marker = ensure_marker(volume)
    before = volume.files()
    assert ensure_marker(volume) == read_marker(volume) == marker
    assert volume.files() == before
    assert set(before) == {MARKER, README}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b'{"format":1}',
        b'{"format":true,"id":"' + b"a" * 32 + b'"}',
        b'{"format":1,"id":"' + b"A" * 32 + b'"}',
        b"[" * 4000,
        bytes(5000),
    ],
)
def test_a_damaged_mark_is_made_again(data: bytes) -> None:
    volume = MemoryVolume()
    volume.put(MARKER, data)
    assert read_marker(volume) is None
    assert ensure_marker(volume) == read_marker(volume)


def test_what_was_begun_beside_it_goes() -> None:
    volume = MemoryVolume()
    marker = ensure_marker(volume)
    before = volume.files()
    for name in (README, MARKER, "choice"):
        volume.put(f"{name}.new", b"half")
    assert ensure_marker(volume) == marker
    assert volume.files() == before


def test_a_newer_stick_is_left_alone() -> None:
    volume = MemoryVolume()
    volume.put(MARKER, b'{"format":2,"id":"whatever","more":[]}')
    before = volume.files()
    with pytest.raises(StickError) as caught:
        ensure_marker(volume)
    assert caught.value.code == "stick-newer"
    assert volume.files() == before


def test_a_marker_reads_back() -> None:
    marker = Marker("0a" * 16)
    assert marker.to_bytes() == b'{"format":1,"id":"' + b"0a" * 16 + b'"}\n'
    assert Marker.from_bytes(marker.to_bytes()) == marker


def test_a_folder_becomes_a_stick(tmp_path) -> None:
    volume = make_stick(tmp_path)
    marker = read_marker(volume)
    assert marker is not None
    make_stick(tmp_path)
    found = find_stick(tmp_path)
    assert found is not None
    assert read_marker(found) == marker


def test_what_a_person_reads_is_in_three_languages(tmp_path) -> None:
    make_stick(tmp_path)
    text = (tmp_path / "KERUEN" / README).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    for language in ("[kk]", "[ru]", "[en]"):
        assert language in text.decode("utf-8-sig")
    assert b"\n" not in text.replace(b"\r\n", b"")
