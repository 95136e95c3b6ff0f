from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from client.data import pointer


@pytest.fixture
def root(tmp_path):
    (tmp_path / "d").mkdir()
    return tmp_path / "d"


USUAL = Path("/aru/.local/share/keruen")


def survivors(root, usual=USUAL):
    return list(pointer.read_survivors(usual, [root]))


def test_a_place_tells_where_its_data_went_until_it_is_taken_back(tmp_path):
    assert pointer.read_moved(tmp_path) is None
    pointer.write_moved(tmp_path, Path("/d/Сабақ"))
    assert pointer.read_moved(tmp_path) == Path("/d/Сабақ")
    pointer.remove_moved(tmp_path)
    pointer.remove_moved(tmp_path)
    assert pointer.read_moved(tmp_path) is None


def test_a_disk_tells_of_several_accounts_and_each_finds_its_own(root):
    other = Path("/nur/.local/share/keruen")
    pointer.write_survivor(USUAL, root / "Keruen-data", root)
    pointer.write_survivor(other, root / "nur" / "data", root)
    assert survivors(root) == [root / "Keruen-data"]
    assert survivors(root, other) == [root / "nur" / "data"]
    pointer.remove_survivors(USUAL, [root])
    assert survivors(root) == [] and survivors(root, other) != []


def test_the_folder_is_found_again_where_the_disk_has_another_name(root, tmp_path):
    pointer.write_survivor(USUAL, root / "Keruen-data", root)
    moved = root.rename(tmp_path / "e")
    assert survivors(moved) == [moved / "Keruen-data"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"[]",
        b"{",
        b'{"format": 2, "folder": "/d"}',
        b'{"format": 1, "folder": "relative"}',
        b'{"format": 1, "folder": 7}',
        b'{"format": 1}' + b" " * pointer.MAX_BYTES + b"x",
        b"[" * 100_000,
    ],
)
def test_what_is_no_pointer_counts_as_none(tmp_path, text):
    (tmp_path / pointer.MOVED).write_bytes(text)
    assert pointer.read_moved(tmp_path) is None or text.startswith(b'{"format": 1}')
    (tmp_path / pointer.SURVIVOR).write_bytes(text)
    assert survivors(tmp_path) == []


@pytest.mark.parametrize("folder", ["../x", "/etc", "C:/x", "a\\b", "", 7, None, "a/../../x"])
def test_a_disk_s_file_leads_nowhere_else_than_onto_that_disk(root, folder):
    name = os.path.normcase(str(USUAL))
    content = {"format": 1, "places": {name: folder}}
    (root / pointer.SURVIVOR).write_text(json.dumps(content), encoding="utf-8")
    assert survivors(root) == []


def test_a_link_is_no_pointer(root, tmp_path):
    pointer.write_survivor(USUAL, tmp_path / "x", tmp_path)
    (root / pointer.SURVIVOR).symlink_to(tmp_path / pointer.SURVIVOR)
    assert survivors(root) == []


@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="needs to give a file away")
def test_on_a_shared_machine_what_another_account_wrote_does_not_count(root):
    pointer.write_survivor(USUAL, root / "Keruen-data", root)
    os.chown(root / pointer.SURVIVOR, 4321, 4321)
    assert survivors(root) == []
