"""A device's mark means a place in the order of arrival, or the beginning: never something else."""

from __future__ import annotations

from typing import Dict, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.exchanges.exchange import MAX_CURSOR_CHARACTERS
from sync_server.exchanges.cursors import Cursor, read_cursor, write_cursor

BEGINNING = Cursor(0)


class Arrivals:
    """The hashes of records in the order of their arrival: all that is asked of a store here."""

    def __init__(self, hashes: Dict[int, bytes]) -> None:
        self.hashes = hashes

    def arrivals_hash(self, serial: int) -> Optional[bytes]:
        return self.hashes.get(serial)


THEN = Arrivals({serial: bytes([serial]) * 32 for serial in range(1, 10)})


def mark(serial: int, epoch: int = 3) -> str:
    return write_cursor(Cursor(serial), epoch, THEN)


@given(st.integers(1, 9), st.integers(0, 999_999_999))
def test_a_mark_is_read_as_it_was_written(serial: int, epoch: int) -> None:
    text = write_cursor(Cursor(serial), epoch, THEN)
    assert read_cursor(text, epoch, THEN) == Cursor(serial)
    assert len(text) <= MAX_CURSOR_CHARACTERS


def test_the_beginning_has_the_empty_mark() -> None:
    assert mark(0) == ""
    assert read_cursor("", 3, THEN) == BEGINNING


def test_after_people_were_granted_a_device_is_told_all() -> None:
    assert read_cursor(mark(5), 4, THEN) == BEGINNING


@pytest.mark.parametrize(
    "now",
    [
        Arrivals({}),
        Arrivals({serial: bytes([serial]) * 32 for serial in range(1, 5)}),
        Arrivals({5: b"o" * 32}),
    ],
    ids=["empty", "set back", "set back and gone on"],
)
def test_after_a_backup_was_restored_a_device_is_told_all(now: Arrivals) -> None:
    assert read_cursor(mark(5), 3, now) == BEGINNING


def test_a_place_that_the_backup_still_has_stays() -> None:
    now = Arrivals({serial: bytes([serial]) * 32 for serial in range(1, 6)})
    assert read_cursor(mark(5), 3, now) == Cursor(5)


@given(st.text(max_size=70) | st.from_regex(r"3\.[0-9]{1,20}\.[A-Za-z0-9_-]{0,5}", fullmatch=True))
def test_what_nobody_wrote_means_the_beginning(text: str) -> None:
    genuine = {mark(serial) for serial in range(1, 10)}
    found = read_cursor(text, 3, THEN)
    assert found == BEGINNING or text in genuine or mark(found.serial).split(".")[2] == text[-4:]


@pytest.mark.parametrize("text", ["3.0.", "3.5", "3.5.", "-3.5.BQUF", "3.5.BQUF\n", "3.٥.BQUF"])
def test_odd_marks_mean_the_beginning(text: str) -> None:
    assert read_cursor(text, 3, THEN) == BEGINNING
