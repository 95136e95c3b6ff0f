"""Objects on a stick: whole or not there, divided, gone on with, and proven."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Iterator, List, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import CancelledError, ObjectError, StickError
from sync.sticks.layout import PART_BYTES
from sync.sticks.objects import (
    has_object,
    object_bytes,
    open_object,
    put_object,
    read_blocks,
    remove_object,
    verify_object,
)
from sync.sticks.volume import make_folder
from tests.support.examples import examples
from tests.support.stick_volume import MemoryVolume

PATH = "repository/ab/objects/cd/cdef"
BLOCK = 1000


class Source:
    """An object's bytes, and how often they were asked for."""

    def __init__(self, size_bytes: int, seed: int = 1, block_bytes: int = BLOCK) -> None:
        self.data = hashlib.shake_128(b"%d" % seed).digest(size_bytes)
        self.block_bytes = block_bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def __call__(self) -> Iterator[bytes]:
        for start in range(0, len(self.data), self.block_bytes):
            yield self.data[start : start + self.block_bytes]


def put(volume: MemoryVolume, source: Source, part_bytes: int = 1 << 30) -> int:
    size_bytes, sha256 = len(source.data), source.sha256
    return put_object(volume, PATH, size_bytes, sha256, source, part_bytes=part_bytes)


def whole(volume: MemoryVolume) -> bytes:
    return b"".join(read_blocks(volume, PATH))


@pytest.mark.parametrize("size_bytes", [0, 1, 999, 1000, 1001, 2000, 5999, 6000, 6001])
@pytest.mark.parametrize("part_bytes", [2000, 2500, 1 << 30])
def test_what_was_put_is_read(size_bytes: int, part_bytes: int) -> None:
    volume, source = MemoryVolume(), Source(size_bytes)
    assert put(volume, source, part_bytes) == size_bytes
    assert object_bytes(volume, PATH) == size_bytes
    assert has_object(volume, PATH, size_bytes)
    assert not has_object(volume, PATH, size_bytes + 1)
    assert whole(volume) == source.data
    assert verify_object(volume, PATH, size_bytes, source.sha256)
    names = volume.names("repository/ab/objects/cd")
    parts = -(-size_bytes // part_bytes)
    assert names == (tuple(f"cdef.{one:03d}" for one in range(parts)) if parts > 1 else ("cdef",))


@pytest.mark.parametrize("start_bytes", [0, 1, 1999, 2000, 2001, 4500, 5000])
def test_an_object_is_read_from_any_place_on(start_bytes: int) -> None:
    volume, source = MemoryVolume(), Source(5000)
    put(volume, source, part_bytes=2000)
    with open_object(volume, PATH, start_bytes) as file:
        assert file.read() == source.data[start_bytes:]
        assert file.read(1) == b""


def test_an_object_that_is_not_there() -> None:
    volume = MemoryVolume()
    assert object_bytes(volume, PATH) is None
    assert not has_object(volume, PATH, None)
    with pytest.raises(ObjectError) as caught:
        open_object(volume, PATH)
    assert caught.value.code == "object-missing"


@pytest.mark.parametrize("part_bytes", [2500, 1 << 30])
def test_a_source_that_is_another_object_leaves_nothing(part_bytes: int) -> None:
    for wrong in (Source(6000, seed=2), Source(5999), Source(6001)):
        volume, right = MemoryVolume(), Source(6000)
        with pytest.raises(ObjectError) as caught:
            put_object(volume, PATH, 6000, right.sha256, wrong, part_bytes=part_bytes)
        assert caught.value.code == "object-damaged"
        assert volume.files() == {}


def test_a_source_that_fails_leaves_nothing() -> None:
    def failing() -> Iterator[bytes]:
        yield bytes(3000)
        raise OSError("worn")

    volume = MemoryVolume()
    with pytest.raises(OSError, match="worn"):
        put_object(volume, PATH, 6000, "0" * 64, failing, part_bytes=2500)
    assert volume.files() == {}


def test_a_source_that_proves_itself_may_have_any_size() -> None:
    volume, source = MemoryVolume(), Source(3500)
    assert put_object(volume, PATH, 9000, None, source) == 3500
    assert whole(volume) == source.data


@pytest.mark.parametrize("part_bytes", [2500, 1 << 30])
def test_what_was_cancelled_is_gone_on_with(part_bytes: int) -> None:
    volume, source = MemoryVolume(), Source(6000)
    heard: List[int] = []
    with pytest.raises(CancelledError):
        put_object(
            volume,
            PATH,
            6000,
            source.sha256,
            source,
            heard=heard.append,
            cancel=lambda: len(heard) == 4,
            part_bytes=part_bytes,
        )
    assert not has_object(volume, PATH, 6000)
    assert put(volume, source, part_bytes) == 2000
    assert whole(volume) == source.data


@given(
    size_bytes=st.integers(0, 7000),
    part_bytes=st.sampled_from([2000, 3100, 1 << 30]),
    block_bytes=st.sampled_from([700, 1000, 4096]),
    pulls=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2**32)), max_size=4),
    torn=st.booleans(),
    flipped=st.none() | st.integers(0, 6999),
)
@settings(max_examples=examples(150), deadline=None)
def test_pulled_at_any_moment_it_is_never_taken_for_whole(
    size_bytes: int,
    part_bytes: int,
    block_bytes: int,
    pulls: List[tuple[int, int]],
    torn: bool,
    flipped: Optional[int],
) -> None:
    volume, source = MemoryVolume(), Source(size_bytes, block_bytes=block_bytes)
    for step, seed in pulls:
        volume.fail_at(volume.steps + step)
        try:
            put(volume, source, part_bytes)
            volume.flush()
        except StickError as error:
            assert error.code == "stick-gone"
        volume.pull(random.Random(seed), torn_folders=torn)
        if not torn and has_object(volume, PATH, size_bytes):
            assert whole(volume) == source.data
    volume.fail_at(1 << 60)
    if not verify_if_there(volume, source):
        remove_object(volume, PATH)
    put(volume, source, part_bytes)
    assert whole(volume) == source.data
    if flipped is not None and flipped < size_bytes:
        names = [name for name in sorted(volume.files()) if not name.endswith(".new")]
        at = flipped
        for name in names:
            if at < len(volume.files()[name]):
                volume.flip(name, at)
                break
            at -= len(volume.files()[name])
        assert not verify_object(volume, PATH, size_bytes, source.sha256)


def verify_if_there(volume: MemoryVolume, source: Source) -> bool:
    size_bytes = len(source.data)
    if not has_object(volume, PATH, size_bytes):
        return False
    return verify_object(volume, PATH, size_bytes, source.sha256)


def test_a_torn_beginning_is_written_anew() -> None:
    volume, source = MemoryVolume(), Source(6000)
    volume.put(f"{PATH}.new", source.data[:3000] + bytes(2000))
    assert put(volume, source) == 3000
    assert whole(volume) == source.data


def test_what_cannot_be_read_is_not_what_its_name_says() -> None:
    volume, source = MemoryVolume(), Source(3000)
    put(volume, source)
    volume.fail_at(volume.steps + 3, "stick-failed")
    assert not verify_object(volume, PATH, 3000, source.sha256)
    volume.fail_at(volume.steps + 3, "stick-gone")
    with pytest.raises(StickError):
        verify_object(volume, PATH, 3000, source.sha256)


def test_removing_leaves_nothing_of_an_object_and_all_of_its_neighbours() -> None:
    volume, source = MemoryVolume(), Source(6000)
    put(volume, source, part_bytes=2500)
    volume.put(f"{PATH}.002.new", b"begun")
    volume.put(f"{PATH}0", b"another")
    remove_object(volume, PATH)
    assert list(volume.files()) == [f"{PATH}0"]


def test_an_object_of_more_than_four_gigabytes(tmp_path: Path) -> None:
    """Its first parts are holes in the disk's files: nothing is written for them."""
    tail = b"the end of a long film"
    size_bytes = 4 * PART_BYTES + len(tail)
    top = make_folder(tmp_path)
    place = top.path / PATH
    place.parent.mkdir(parents=True)
    for index in range(4):
        with place.with_name(f"cdef.{index:03d}").open("wb") as file:
            file.truncate(PART_BYTES)
    block = bytes(1 << 20)
    pieces = (hashlib.sha256(block).digest(),) * (size_bytes >> 20)
    pieces += (hashlib.sha256(tail).digest(),)

    def source() -> Iterator[bytes]:
        for _ in range(size_bytes >> 20):
            yield block
        yield tail

    assert put_object(top, PATH, size_bytes, "0" * 64, source, pieces=pieces) == len(tail)
    assert has_object(top, PATH, size_bytes)
    with open_object(top, PATH, size_bytes - len(tail) - 3) as file:
        assert file.read() == bytes(3) + tail
    with open_object(top, PATH, PART_BYTES - 1) as file:
        assert file.read(5) == bytes(5)
