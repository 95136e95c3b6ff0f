from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.canonical import canonical_json
from sync.errors import StickError
from sync.sticks.choice import Choice, _sum, read_choice, write_choice
from sync.sticks.layout import CHOICE
from tests.support.stick_volume import MemoryVolume

PUBLISHER = "ab" * 16
CHOSEN = Choice({f"{PUBLISHER}/algebra-7": "all", f"{PUBLISHER}/kazakh-5": "text"})


def test_a_choice_reads_back() -> None:
    volume = MemoryVolume()
    assert read_choice(volume) is None
    write_choice(volume, CHOSEN)
    assert read_choice(volume) == CHOSEN
    steps = volume.steps
    write_choice(volume, CHOSEN)
    assert volume.steps - steps < 4
    write_choice(volume, Choice())
    assert read_choice(volume) == Choice()


@given(st.data())
def test_a_damaged_choice_is_no_choice(data: st.DataObject) -> None:
    volume = MemoryVolume()
    write_choice(volume, CHOSEN)
    at = data.draw(st.integers(0, len(CHOSEN.to_bytes()) - 2))
    volume.flip(CHOICE, at, data.draw(st.integers(1, 255)))
    assert read_choice(volume) is None
    write_choice(volume, CHOSEN)
    assert read_choice(volume) == CHOSEN


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b'{"packs":[],"sum":1}', b'{"packs":NaN,"sum":1}', b"\xff"]
)
def test_what_is_no_choice_is_damaged(data: bytes) -> None:
    with pytest.raises(StickError):
        Choice.from_bytes(data)


def test_what_cannot_name_a_pack_is_passed_over() -> None:
    packs = {
        f"{PUBLISHER}/algebra-7": "all",
        f"{PUBLISHER}/../algebra-7": "all",
        "algebra-7": "all",
        f"{PUBLISHER}/physics": 3,
        f"{PUBLISHER}/history": "../x",
    }
    data = canonical_json({"packs": packs, "sum": _sum(packs)})
    assert Choice.from_bytes(data) == Choice({f"{PUBLISHER}/algebra-7": "all"})
