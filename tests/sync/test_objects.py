from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import objects, part_file
from sync.errors import ObjectError
from sync.objects import Download, ObjectSpec
from tests.support.examples import examples

PIECE = 1000


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "PIECE_BYTES", PIECE)
    monkeypatch.setattr(part_file, "SYNC_BYTES", PIECE)


def data_of(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[: size - 1] + b"!" if size else b""


def spec_of(data: bytes, *, pieces: bool = True) -> ObjectSpec:
    hashes: Tuple[bytes, ...] = ()
    if pieces and len(data) > objects.PIECE_BYTES:
        starts = range(0, len(data), objects.PIECE_BYTES)
        hashes = tuple(
            hashlib.sha256(data[at : at + objects.PIECE_BYTES]).digest() for at in starts
        )
    return ObjectSpec(hashlib.sha256(data).hexdigest(), len(data), hashes)


@pytest.mark.parametrize("slow", [False, True])
def test_a_slow_links_bytes_are_on_the_disk_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: bool
) -> None:
    data, now_s, flushed = data_of(900), [0.0], [0]
    monkeypatch.setattr(part_file.time, "monotonic", lambda: now_s[0])
    monkeypatch.setattr(os, "fsync", lambda handle: flushed.append(os.fstat(handle).st_size))
    with Download(spec_of(data), tmp_path / "x.part") as download:
        for at in range(0, 800, 100):
            now_s[0] += part_file.SYNC_EVERY_S if slow else part_file.SYNC_EVERY_S / 100
            download.write(data[at : at + 100])
            assert flushed[-1] == (download.position_bytes if slow else 0)


@pytest.mark.parametrize("pieces", [True, False])
@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 3500])
def test_an_object_gets_its_name_when_it_is_whole(tmp_path: Path, size: int, pieces: bool) -> None:
    data = data_of(size)
    with Download(spec_of(data, pieces=pieces), tmp_path / "parts" / "x.part") as download:
        for at in range(0, size, 300):
            assert not download.complete
            download.write(data[at : at + 300])
        assert download.complete
        download.finish(tmp_path / "objects" / "x")
    assert (tmp_path / "objects" / "x").read_bytes() == data
    assert not (tmp_path / "parts" / "x.part").exists()


@settings(deadline=None, max_examples=examples(60))
@given(st.integers(1, 4000), st.lists(st.tuples(st.integers(1, 1500), st.booleans()), max_size=12))
def test_a_transfer_may_stop_at_any_byte(
    tmp_path_factory: pytest.TempPathFactory, size: int, steps: List[Tuple[int, bool]]
) -> None:
    data = data_of(size)
    folder = tmp_path_factory.mktemp("objects")
    spec, part = spec_of(data), folder / "x.part"
    position = 0
    download = Download(spec, part)
    for step, stops in steps:
        if stops:
            download.close()
            download = Download(spec, part)
            assert download.position_bytes == position, "what arrived is never asked for again"
        download.write(data[position : position + step])
        position = min(size, position + step)
        assert download.position_bytes == position
    download.write(data[position:])
    download.finish(folder / "x")
    assert (folder / "x").read_bytes() == data


def test_a_bad_piece_is_dropped_and_the_ones_before_stay(tmp_path: Path) -> None:
    data = data_of(3500)
    with Download(spec_of(data), tmp_path / "x.part") as download:
        download.write(data[:1700])
        with pytest.raises(ObjectError) as caught:
            download.write(b"?" + data[1701:3500])
        assert caught.value.code == "object-damaged"
        assert "piece 1" in str(caught.value)
        assert download.spec.sha256 in str(caught.value)
        assert download.position_bytes == download.verified_bytes == 1000
        download.write(data[1000:])
        download.finish(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data


def test_what_a_stranger_began_and_nobody_verified_may_be_forgotten(tmp_path: Path) -> None:
    data = data_of(3500)
    with Download(spec_of(data), tmp_path / "x.part") as download:
        download.write(data[:1000] + b"?")
        download.close_verified()
        download.close_verified()
    with Download(spec_of(data), tmp_path / "x.part") as download:
        assert download.position_bytes == 1000


def test_what_rotted_on_the_disk_is_fetched_again(tmp_path: Path) -> None:
    data, part = data_of(3500), tmp_path / "x.part"
    part.write_bytes(data[:1500] + b"?" + data[1501:2700])
    with Download(spec_of(data), part) as download:
        assert download.position_bytes == 1000
        assert part.stat().st_size == 1000
        download.write(data[1000:])
        assert download.complete


def test_a_part_file_longer_than_the_object_is_cut(tmp_path: Path) -> None:
    data, part = data_of(1500), tmp_path / "x.part"
    part.write_bytes(data + b"more")
    with Download(spec_of(data), part) as download:
        assert download.complete
        download.finish(tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == data


def test_too_many_bytes_are_refused(tmp_path: Path) -> None:
    data = data_of(1500)
    with Download(spec_of(data), tmp_path / "x.part") as download:
        with pytest.raises(ObjectError) as caught:
            download.write(data + b"x")
        assert caught.value.code == "object-size"
        assert download.position_bytes == 0
        download.write(data)


def test_pieces_that_are_not_the_object_s_are_found_at_the_end(tmp_path: Path) -> None:
    data, part = data_of(1500), tmp_path / "x.part"
    lying = ObjectSpec(hashlib.sha256(b"other").hexdigest(), 1500, spec_of(data).piece_sha256)
    with Download(lying, part) as download:
        download.write(data)
        with pytest.raises(ObjectError) as caught:
            download.finish(tmp_path / "x")
    assert caught.value.code == "object-damaged"
    assert not (tmp_path / "x").exists()
    assert not part.exists()


def test_an_unfinished_object_gets_no_name(tmp_path: Path) -> None:
    part = tmp_path / "x.part"
    with Download(spec_of(data_of(1500)), part) as download, pytest.raises(ObjectError):
        download.finish(tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_room_is_left_on_the_disk(tmp_path: Path) -> None:
    with pytest.raises(ObjectError) as caught:
        Download(spec_of(data_of(1500)), tmp_path / "x.part", reserve_bytes=1 << 62)
    assert caught.value.code == "disk-full"


def test_a_full_disk_keeps_what_fitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    data, part = data_of(3500), tmp_path / "x.part"
    download = Download(spec_of(data), part)
    download.write(data[:1200])

    def full(_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ObjectError) as caught:
        download.write(data[1200:2500])
    assert caught.value.code == "disk-full"
    monkeypatch.undo()
    monkeypatch.setattr(objects, "PIECE_BYTES", PIECE)
    with pytest.raises(ObjectError):
        download.write(b"x")
    with Download(spec_of(data), part) as again:
        assert again.position_bytes == 1200
        again.write(data[1200:])
        again.finish(tmp_path / "x")


@pytest.mark.parametrize(
    ("sha256", "size", "pieces"),
    [
        ("x" * 64, 1, ()),
        ("A" * 64, 1, ()),
        ("a" * 63, 1, ()),
        ("../../../" + "a" * 55, 1, ()),
        ("a" * 64, -1, ()),
        ("a" * 64, 2500, (bytes(32),) * 2),
        ("a" * 64, 2500, (bytes(32), bytes(31), bytes(32))),
    ],
)
def test_a_contradicting_description_is_refused(
    sha256: str, size: int, pieces: Tuple[bytes, ...]
) -> None:
    with pytest.raises(ObjectError) as caught:
        ObjectSpec(sha256, size, pieces)
    assert caught.value.code == "object-spec"
