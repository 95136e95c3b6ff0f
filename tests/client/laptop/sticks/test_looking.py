from __future__ import annotations

import pytest

from client.laptop.sticks.looking import examine, look
from client.laptop.sticks.seen import Kind
from sync.sticks import drives
from sync.sticks.choice import Choice, write_choice
from sync.sticks.drives import Drive
from sync.sticks.marker import make_stick


@pytest.fixture
def drive(tmp_path):
    root = tmp_path / "drive"
    root.mkdir()
    return Drive(root, "МЕКТЕП", "vfat", True, "1a2b")


def test_an_empty_drive_is_nobodys_business_until_it_is_prepared(joined, drive):
    seen = examine(joined.store, drive)
    assert (seen.kind, seen.name, seen.serial, seen.writable) == (
        Kind.EMPTY,
        "МЕКТЕП",
        "1a2b",
        True,
    )
    assert seen.free_bytes > 0
    joined.sticks.prepare(drive.root)
    seen = examine(joined.store, drive)
    assert (seen.kind, seen.choice, seen.of_school) == (Kind.OURS, None, False)


def test_what_it_carries_and_whether_it_travels_for_this_school_is_seen(joined, drive):
    from client.laptop.sticks.consent import school_of

    volume = make_stick(drive.root)
    key = "ab" * 16 + "/algebra-7"
    write_choice(volume, Choice({key: "text"}))
    volume.write(f"mail/{school_of(joined.store)}/up/{'0' * 16}-{'1' * 16}", [b"letter"])
    seen = examine(joined.store, drive)
    assert (seen.choice, seen.of_school) == ({key: "text"}, True)


def test_a_newer_stick_is_unusable_and_says_why(joined, drive):
    make_stick(drive.root)
    (drive.root / "KERUEN" / "stick").write_bytes(b'{"format":99,"id":"' + b"0" * 32 + b'"}')
    seen = examine(joined.store, drive)
    assert (seen.kind, seen.problem.code) == (Kind.UNUSABLE, "stick-newer")


def test_a_drive_that_went_meanwhile_is_unusable(joined, drive):
    drive.root.rmdir()
    assert examine(joined.store, drive).kind is Kind.UNUSABLE


def test_only_what_came_or_was_changed_is_read(joined, drive, monkeypatch):
    fixed = Drive(drive.root.parent, "", "ext4", False)
    monkeypatch.setattr(drives, "drives", lambda: (drive, fixed))
    known = look(joined.store)
    assert [one.root for one in known] == [drive.root], "a built-in disk is no stick"
    make_stick(drive.root)
    assert look(joined.store, known) == known
    assert look(joined.store, known, [drive.root])[0].kind is Kind.OURS
    swapped = drive._replace(serial="3c4d")
    monkeypatch.setattr(drives, "drives", lambda: (swapped,))
    assert look(joined.store, known)[0].kind is Kind.OURS


def test_a_laptop_without_a_school_knows_no_school(tmp_path, drive):
    from client.laptop.laptop import Laptop

    make_stick(drive.root)
    laptop = Laptop.open(tmp_path / "fresh")
    try:
        assert not examine(laptop.store, drive).of_school
    finally:
        laptop.close()
