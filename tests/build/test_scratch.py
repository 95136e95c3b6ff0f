from __future__ import annotations

import os
from collections import namedtuple
from pathlib import Path

import pytest

from build import scratch

Usage = namedtuple("Usage", "total used free")
NO_PROCESS = 2**22 + 1
"""More than Linux ever numbers a process."""


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_available_bytes", lambda: scratch.NEEDED_BYTES)
    free = Usage(0, 0, scratch.NEEDED_BYTES)
    monkeypatch.setattr(scratch.shutil, "disk_usage", lambda _: free)


def test_the_folder_is_its_owners_and_gone_afterwards(tmp_path: Path) -> None:
    with scratch.folder(tmp_path) as made:
        assert made is not None and made.parent == tmp_path
        assert made.stat().st_mode & 0o077 == 0 or os.name == "nt"
        (made / "file").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_after_a_failure_too(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch.folder(tmp_path):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("short", ["memory", "file system", "no such folder", "no table"])
def test_without_room_the_disk_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, short: str
) -> None:
    memory = tmp_path / "memory"
    if short != "no such folder":
        memory.mkdir()
    if short == "memory":
        monkeypatch.setattr(scratch, "_available_bytes", lambda: scratch.NEEDED_BYTES - 1)
    if short == "file system":
        little = Usage(0, 0, scratch.NEEDED_BYTES - 1)
        monkeypatch.setattr(scratch.shutil, "disk_usage", lambda _: little)
    if short == "no table":
        monkeypatch.undo()
        monkeypatch.setattr(scratch, "NEEDED_BYTES", 1)
        monkeypatch.setattr(scratch, "_available_bytes", (tmp_path / "none").read_text)
    with scratch.folder(memory) as made:
        assert made is None


def test_what_a_killed_run_left_goes_and_a_living_ones_stays(tmp_path: Path) -> None:
    living, dead = (
        tmp_path / f"keruen-tests-{os.getppid()}",
        tmp_path / f"keruen-tests-{NO_PROCESS}",
    )
    other = tmp_path / "keruen-tests-of-mine"
    for place in (living, dead, other):
        (place / "deep").mkdir(parents=True)
    with scratch.folder(tmp_path):
        assert not dead.exists()
        assert living.exists() and other.exists()


def test_available_memory_is_read_from_the_systems_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    table = tmp_path / "meminfo"
    table.write_text("MemTotal:  24 kB\nMemFree: 1 kB\nMemAvailable:   12345 kB\n")
    assert scratch._available_bytes(table) == 12345 * 1024
    table.write_text("MemTotal:  24 kB\n")
    assert scratch._available_bytes(table) == 0
