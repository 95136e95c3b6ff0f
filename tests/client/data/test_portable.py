from __future__ import annotations

import shutil
import subprocess
from collections import namedtuple

import pytest

from client.data.portable import make_portable, portable_data
from client.laptop.errors import LaptopError
from client.laptop.storage.database import Database, lies_on_stick


@pytest.fixture
def programme(tmp_path):
    """A packaged programme that says what it was started with."""
    folder = tmp_path / "keruen"
    (folder / "_internal").mkdir(parents=True)
    (folder / "_internal" / "real.so").write_bytes(b"code")
    (folder / "_internal" / "link.so").symlink_to("real.so")
    (folder / "keruen").write_text('#!/bin/sh\necho "started $*"\n')
    (folder / "keruen").chmod(0o755)
    return folder / "keruen"


@pytest.fixture
def stick(tmp_path):
    (tmp_path / "stick" / "photos").mkdir(parents=True)
    (tmp_path / "stick" / "photos" / "a.jpg").write_bytes(b"mine")
    return tmp_path / "stick"


def test_a_programme_on_a_stick_keeps_its_data_there(programme, stick):
    made = make_portable(programme, stick, "linux")
    assert made.written_bytes == made.size_bytes > 0
    assert portable_data(made.folder / "linux" / "keruen") == made.folder / "data"
    assert (made.folder / "linux" / "_internal" / "link.so").read_bytes() == b"code"
    assert not (made.folder / "linux" / "_internal" / "link.so").is_symlink()
    assert (stick / "photos" / "a.jpg").read_bytes() == b"mine"
    assert sorted(path.name for path in stick.iterdir()) == ["Keruen-portable", "photos"]


def test_a_portable_laptop_knows_that_it_may_be_pulled_out(programme, stick, tmp_path):
    folder = make_portable(programme, stick, "linux").folder
    (folder / "data" / "sub").mkdir()
    assert lies_on_stick(folder / "data")
    assert not lies_on_stick(folder / "data" / "sub")
    database = Database(folder / "data" / "keruen.db")
    assert database.connection.execute("PRAGMA journal_mode").fetchone() == ("persist",)
    database.close()


def test_an_installed_programme_does_not(programme):
    assert portable_data(programme) is None


def test_both_systems_programmes_share_the_data(programme, stick):
    for platform in ("linux", "win32"):
        folder = make_portable(programme, stick, platform).folder
    found = {portable_data(folder / system / "keruen") for system in ("linux", "windows")}
    assert found == {folder / "data"}


def test_a_newer_version_replaces_the_programme_and_not_the_data(programme, stick):
    folder = make_portable(programme, stick, "linux").folder
    (folder / "data" / "keruen.db").write_bytes(b"work")
    (programme.parent / "_internal" / "real.so").unlink()
    (programme.parent / "_internal" / "link.so").unlink()
    (programme.parent / "_internal" / "new.so").write_bytes(b"newer")
    made = make_portable(programme, stick, "linux")
    assert made.written_bytes == len(b"newer")
    assert [one.name for one in (folder / "linux" / "_internal").iterdir()] == ["new.so"]
    assert (folder / "data" / "keruen.db").read_bytes() == b"work"


def test_a_portable_programme_copies_itself_without_its_data(programme, stick, tmp_path):
    folder = make_portable(programme, stick, "linux").folder
    (folder / "data" / "keruen.db").write_bytes(b"work")
    (tmp_path / "other").mkdir()
    made = make_portable(folder / "linux" / "keruen", tmp_path / "other", "linux")
    assert list((made.folder / "data").iterdir()) == []
    assert (made.folder / "linux" / "keruen").exists()


def test_the_start_file_starts_the_programme_from_a_folder_with_spaces(programme, tmp_path):
    stick = tmp_path / "Сабақ дискі"
    stick.mkdir()
    folder = make_portable(programme, stick, "linux").folder
    command = ["sh", str(folder / "keruen-linux.sh"), "sync", "a b"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "started sync a b\n"


def test_the_readme_is_for_old_windows_editors_too(programme, stick):
    folder = make_portable(programme, stick, "win32").folder
    text = (folder / "README.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf") and text.count(b"\n") == text.count(b"\r\n") > 10
    assert not (folder / "keruen-linux.sh").exists()


@pytest.mark.parametrize("what", ["gone", "full"])
def test_a_stick_that_is_gone_or_full_gets_nothing(programme, stick, monkeypatch, what):
    if what == "gone":
        shutil.rmtree(stick)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(1 << 30, 0, 1 << 20))
    with pytest.raises(LaptopError) as raised:
        make_portable(programme, stick, "linux")
    assert raised.value.code == {"gone": "stick-gone", "full": "disk-full"}[what]
    assert not (stick / "Keruen-portable").exists()
