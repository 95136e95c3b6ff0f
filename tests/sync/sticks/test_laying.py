"""Planned files on a stick: in order, only what is missing, whatever breaks."""

from __future__ import annotations

import hashlib
import random
from typing import Callable, Iterator, List, NamedTuple, Optional, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import CancelledError, StickError
from sync.sticks.laying import (
    SPARE_BYTES,
    bytes_lacking,
    bytes_to_write,
    lay,
    missing,
)
from tests.support.examples import examples
from tests.support.stick_volume import MemoryVolume

FOLDER = "repository/ab"


class Carried(NamedTuple):
    path: str
    size_bytes: int
    sha256: Optional[str]
    blocks: Callable[[], Iterator[bytes]]
    compared: bool = False
    instead: str = ""
    pieces: Tuple[bytes, ...] = ()


def carried(name: str, data: bytes, **more: object) -> Carried:
    sha256 = hashlib.sha256(data).hexdigest()

    def blocks() -> Iterator[bytes]:
        for start in range(0, len(data), 1000):
            yield data[start : start + 1000]

    return Carried(f"{FOLDER}/{name}", len(data), sha256, blocks)._replace(**more)  # type: ignore[arg-type]


def noise(seed: int, size_bytes: int = 3500) -> bytes:
    return hashlib.shake_128(b"%d" % seed).digest(size_bytes)


def pack(version: int) -> Tuple[Carried, ...]:
    """Two objects, of which one changes, a manifest and a catalogue."""
    return (
        carried("objects/aa/same", noise(0)),
        carried(f"objects/bb/core{version}", noise(version)),
        carried(f"manifests/equations/{version}", b"manifest %d" % version, compared=True),
        carried("catalogue", b"catalogue %d" % version, compared=True),
    )


def test_only_what_is_missing_is_written() -> None:
    volume = MemoryVolume()
    heard: List[Tuple[int, int]] = []
    laid = lay(volume, pack(1), heard=lambda *done: heard.append(done))
    total_bytes = sum(file.size_bytes for file in pack(1))
    assert (laid.files, laid.written_bytes, laid.removed) == (4, total_bytes, 0)
    assert heard[-1] == (total_bytes, total_bytes)
    assert heard == sorted(heard)
    old = [pack(1)[1].path, pack(1)[2].path]
    again = lay(volume, pack(2), old)
    assert (again.files, again.removed) == (3, 2)
    assert set(volume.files()) == {file.path for file in pack(2)}
    nothing = lay(volume, pack(2))
    assert (nothing.files, nothing.written_bytes, nothing.problems) == (0, 0, {})


def test_nothing_new_writes_nothing() -> None:
    volume = MemoryVolume()
    lay(volume, pack(1))
    volume.make_read_only()
    assert lay(volume, pack(1)).files == 0


def test_a_small_file_that_was_damaged_is_written_again() -> None:
    volume = MemoryVolume()
    lay(volume, pack(1))
    volume.flip(f"{FOLDER}/catalogue", 3)
    assert [file.path for file in missing(volume, pack(1))] == [f"{FOLDER}/catalogue"]
    assert lay(volume, pack(1)).files == 1
    assert volume.read(f"{FOLDER}/catalogue", 100) == b"catalogue 1"


def test_another_object_may_be_as_good() -> None:
    volume = MemoryVolume()
    again = carried("cores/cc", noise(5), sha256=None, instead=f"{FOLDER}/objects/dd/core")
    assert [file.path for file in missing(volume, [again])] == [again.path]
    volume.write(f"{FOLDER}/objects/dd/core", [b"core"])
    assert missing(volume, [again]) == ()
    alone = again._replace(instead="")
    lay(volume, [alone])
    assert missing(volume, [alone._replace(size_bytes=1)]) == ()


def test_a_damaged_source_is_left_out_and_named() -> None:
    def failing() -> Iterator[bytes]:
        yield bytes(10)
        raise ValueError("worn")

    volume = MemoryVolume()
    first, second, *rest = pack(1)
    files = (first._replace(blocks=lambda: iter([b"else"])), second._replace(blocks=failing), *rest)
    laid = lay(volume, files, source_errors=(ValueError,))
    assert sorted(laid.problems) == [first.path, second.path]
    assert sorted(volume.files()) == sorted(file.path for file in rest)
    with pytest.raises(ValueError, match="worn"):
        lay(volume, files)


def test_a_stick_without_room_is_left_as_it_is() -> None:
    volume = MemoryVolume(SPARE_BYTES + 9000)
    lay(volume, pack(1))
    before = volume.files()
    large = (carried("objects/ee/film", noise(7, 9000)),)
    assert bytes_lacking(volume, large) > 0
    with pytest.raises(StickError) as caught:
        lay(volume, large)
    assert caught.value.code == "stick-full"
    assert volume.files() == before


def test_what_is_doomed_goes_first_where_room_is_short() -> None:
    volume = MemoryVolume(SPARE_BYTES + 9000)
    lay(volume, pack(1))
    large = (carried("objects/ee/film", noise(7, 5000)),)
    doomed = [pack(1)[2].path, pack(1)[1].path]
    assert bytes_lacking(volume, large) > 0
    assert bytes_lacking(volume, large, doomed) == 0
    assert lay(volume, large, doomed).removed == 2
    assert not set(doomed) & set(volume.files())


def test_what_was_begun_counts_and_what_nobody_goes_on_with_goes() -> None:
    volume = MemoryVolume()
    file = pack(1)[1]
    volume.put(f"{file.path}.new", noise(1)[:2000])
    assert bytes_to_write(volume, [file]) == 1500
    volume.put(f"{FOLDER}/objects/bb/left.new", b"left")
    assert lay(volume, pack(1)).written_bytes == sum(one.size_bytes for one in pack(1)) - 2000
    assert set(volume.files()) == {one.path for one in pack(1)}


def test_a_cancel_ends_it_and_the_next_goes_on() -> None:
    volume = MemoryVolume()
    heard: List[int] = []

    def stop() -> bool:
        return len(heard) == 5

    with pytest.raises(CancelledError):
        lay(volume, pack(1), heard=lambda done, _: heard.append(done), cancel=stop)
    assert volume.read(f"{FOLDER}/catalogue", 100) is None
    # It is taken out at once by whoever stopped it: nothing is under way any more.
    before = volume.files()
    for seed in range(20):
        volume.pull(random.Random(seed), torn_folders=True)
    assert volume.files() == before != {}
    lay(volume, pack(1))
    assert set(volume.files()) == {one.path for one in pack(1)}


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([1, 2]), st.integers(0, 90), st.integers(0, 2**32)), max_size=5
    )
)
@settings(max_examples=examples(100), deadline=None)
def test_whatever_the_catalogue_lists_is_there_at_every_moment(
    steps: List[Tuple[int, int, int]],
) -> None:
    volume = MemoryVolume()
    newest = 0
    for version, step, seed in steps:
        if version < newest:
            continue
        doomed = [file.path for file in pack(1)[1:3]] if version == 2 else []
        volume.fail_at(volume.steps + step)
        try:
            lay(volume, pack(version), doomed)
            newest = version
        except StickError as error:
            assert error.code == "stick-gone"
        volume.pull(random.Random(seed))
        catalogue = volume.read(f"{FOLDER}/catalogue", 100)
        if catalogue is not None:
            listed = int(catalogue[-1:])
            assert listed >= newest
            newest = listed
            for file in pack(listed):
                assert volume.read(file.path, 5000) == b"".join(file.blocks())
    volume.fail_at(1 << 60)
    lay(volume, pack(2), [file.path for file in pack(1)[1:3]])
    assert set(volume.files()) == {file.path for file in pack(2)}
