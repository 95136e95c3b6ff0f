"""Planned files on a stick: only what is missing is written, in order, whatever happens between."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import Callable, Iterator, List, Optional, Tuple

import pytest

from sync.errors import CancelledError, StickError
from sync.sticks.laying import lay, missing
from tests.support.stick_volume import MemoryVolume


@dataclass(frozen=True)
class Planned:
    path: str
    data: bytes
    compared: bool = False
    instead: str = ""
    proven: bool = True

    @property
    def size_bytes(self) -> int:
        return len(self.data)

    @property
    def sha256(self) -> Optional[str]:
        return hashlib.sha256(self.data).hexdigest() if self.proven else None

    @property
    def blocks(self) -> Callable[[], Iterator[bytes]]:
        return lambda: iter([self.data[:500], self.data[500:]])


PLAN = (
    Planned("repository/p/objects/aa/aa", b"a" * 3000),
    Planned("repository/p/cores/cc", b"c" * 700, proven=False, instead="repository/p/objects/c"),
    Planned("repository/p/manifests/m/1", b"m" * 90, compared=True),
    Planned("repository/p/catalogue", b"k" * 50, compared=True),
)
TOTAL_BYTES = sum(one.size_bytes for one in PLAN)


def lies(volume: MemoryVolume, file: Planned) -> bool:
    return volume.read(file.path, 1 << 20) == file.data


def test_what_is_missing_is_written_in_order_and_nothing_twice() -> None:
    volume, told = MemoryVolume(), []
    laid = lay(volume, PLAN, heard=lambda done, total: told.append((done, total)))
    assert laid == (TOTAL_BYTES, len(PLAN))
    assert all(lies(volume, one) for one in PLAN)
    assert told[-1] == (TOTAL_BYTES, TOTAL_BYTES)
    assert told == sorted(told)
    assert lay(volume, PLAN) == (0, 0)
    assert missing(volume, PLAN) == ()


def test_a_small_file_that_differs_is_written_again_and_a_core_may_lie_as_an_object() -> None:
    volume = MemoryVolume()
    lay(volume, PLAN[2:])
    volume.flip(PLAN[2].path, 4)
    volume.write("repository/p/objects/c", [b"c" * 700])
    assert missing(volume, PLAN) == (PLAN[0], PLAN[2])


def test_what_is_superfluous_goes_last_unless_its_room_is_needed() -> None:
    volume = MemoryVolume()
    volume.write("repository/p/objects/zz/zz", [b"z" * 400])
    lay(volume, PLAN, ["repository/p/objects/zz/zz"])
    assert volume.size_bytes("repository/p/objects/zz/zz") is None
    small = MemoryVolume(capacity_bytes=TOTAL_BYTES + 200)
    small.write("repository/p/objects/zz/zz", [b"z" * 400])
    lay(small, PLAN, ["repository/p/objects/zz/zz"])
    assert all(lies(small, one) for one in PLAN)


def test_a_stick_that_is_too_small_is_left_as_it_is() -> None:
    volume = MemoryVolume(capacity_bytes=TOTAL_BYTES - 1)
    with pytest.raises(StickError) as caught:
        lay(volume, PLAN)
    assert caught.value.code == "stick-full"
    assert not volume.files()


def test_a_cancel_ends_it_between_blocks_and_the_next_call_goes_on() -> None:
    volume, asked = MemoryVolume(), []

    def cancel() -> bool:
        asked.append(1)
        return len(asked) > 5

    with pytest.raises(CancelledError):
        lay(volume, PLAN, cancel=cancel)
    assert lies(volume, PLAN[0])
    assert not lies(volume, PLAN[-1])
    assert lay(volume, PLAN).files == len(PLAN) - 1


@pytest.mark.parametrize("seed", range(40))
def test_pulled_out_anywhere_the_catalogue_never_lies_without_what_it_names(seed: int) -> None:
    chance = random.Random(seed)
    counting = MemoryVolume()
    lay(counting, PLAN)
    volume = MemoryVolume()
    volume.fail_at(chance.randrange(1, counting.steps))
    with pytest.raises(StickError):
        lay(volume, PLAN)
    volume.pull(chance)
    there = _in_order(volume)
    assert there == sorted(there, reverse=True), "what rests on something comes after it"
    lay(volume, PLAN)
    assert all(lies(volume, one) for one in PLAN)


def _in_order(volume: MemoryVolume) -> List[Tuple[bool]]:
    return [(lies(volume, one),) for one in PLAN]
