"""Files that get their names together: all or begun, and never a name without its bytes."""

from __future__ import annotations

import random
from typing import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import StickError
from sync.sticks.group import GROUP_FILES, Group
from tests.support.examples import examples
from tests.support.stick_volume import MemoryVolume

DATA = bytes(range(256)) * 8


def test_names_come_at_the_end() -> None:
    volume = MemoryVolume()
    with Group(volume) as group:
        group.write("objects/aa/one", [b"one"])
        group.write("objects/bb/two", [b"t", b"wo"])
        assert volume.names("objects/aa") == ()
        assert volume.begun("objects/aa") == ("one",)
    assert volume.files() == {"objects/aa/one": b"one", "objects/bb/two": b"two"}


def test_a_group_asks_the_stick_twice_however_many_files_it_has() -> None:
    steps = []
    for count in (1, 2, 3):
        volume = MemoryVolume()
        volume.write("objects/first", [DATA])
        with Group(volume) as group:
            for number in range(count):
                group.write(f"objects/{number}", [DATA])
            before = volume.steps
        steps.append(volume.steps - before)
    assert steps[2] - steps[1] == steps[1] - steps[0], "a name each"
    assert steps[0] == 3, "flush, a name, flush"


def test_many_files_are_named_meanwhile() -> None:
    volume = MemoryVolume()
    with Group(volume) as group:
        for number in range(GROUP_FILES + 1):
            group.write(f"objects/{number}", [b"x"])
        group.close()
        assert len(volume.names("objects")) == GROUP_FILES + 1


def test_a_source_that_fails_leaves_what_was_written_begun() -> None:
    def failing() -> Iterator[bytes]:
        yield b"two"
        raise ValueError("worn")

    volume = MemoryVolume()
    with pytest.raises(ValueError, match="worn"), Group(volume) as group:
        group.write("objects/one", [b"one"])
        group.write("objects/two", failing())
    assert volume.names("objects") == ()
    assert volume.begun("objects") == ("one", "two")


@given(st.integers(0, 60), st.integers(0, 2**32), st.booleans())
@settings(max_examples=examples(150), deadline=None)
def test_pulled_at_any_moment_what_has_its_name_is_whole(step: int, seed: int, all_: bool) -> None:
    volume = MemoryVolume()
    volume.medium.flushes_all = all_
    volume.fail_at(volume.steps + step)
    try:
        with Group(volume) as group:
            for number in range(4):
                group.write(f"objects/{number}/{number}", [DATA, DATA, bytes([number])])
        named = True
    except StickError:
        named = False
    volume.pull(random.Random(seed))
    whole = {f"objects/{one}/{one}": DATA + DATA + bytes([one]) for one in range(4)}
    there = {path: data for path, data in volume.files().items() if not path.endswith(".new")}
    assert there.items() <= whole.items()
    assert not named or there == whole
