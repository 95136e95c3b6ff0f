"""One bad file on a stick counts as missing, and hides no other."""

from __future__ import annotations

import pytest

from sync.errors import StickError
from sync.sticks.shelf import Shelf
from tests.support.stick_volume import MemoryVolume


def test_what_is_there_is_given() -> None:
    volume = MemoryVolume()
    volume.write("repository/one", [b"data"])
    shelf = Shelf(volume)
    assert shelf.names("repository") == ("one",)
    assert shelf.size_bytes("repository/one") == 4
    assert shelf.read("repository/one", 4) == b"data"
    assert shelf.read("repository/two", 4) is None
    assert shelf.damaged == []


def test_a_file_that_is_too_large_is_removed() -> None:
    volume = MemoryVolume()
    volume.write("repository/one", [b"data"])
    shelf = Shelf(volume)
    assert shelf.read("repository/one", 3) is None
    assert shelf.damaged == ["repository/one"]
    assert volume.size_bytes("repository/one") is None


def test_a_worn_file_counts_as_missing_and_a_pulled_stick_ends_all() -> None:
    volume = MemoryVolume()
    volume.write("repository/one", [b"data"])
    volume.write("repository/two", [b"more"])
    shelf = Shelf(volume)
    volume.fail_at(volume.steps + 2, "stick-failed")
    assert shelf.read("repository/one", 4) is None
    assert shelf.read("repository/two", 4) == b"more"
    volume.fail_at(volume.steps + 1, "stick-gone")
    with pytest.raises(StickError) as caught:
        shelf.read("repository/two", 4)
    assert caught.value.code == "stick-gone"


def test_what_cannot_be_removed_is_still_named() -> None:
    volume = MemoryVolume()
    volume.write("repository/one", [b"data"])
    volume.make_read_only()
    shelf = Shelf(volume)
    assert shelf.read("repository/one", 3) is None
    assert shelf.damaged == ["repository/one"]
    assert volume.size_bytes("repository/one") == 4
