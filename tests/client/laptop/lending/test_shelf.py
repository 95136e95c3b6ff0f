from __future__ import annotations

import shutil

import pytest

from client.laptop.lending.shelf import LOOK_AGAIN_S, Shelf
from content.installation import Installation
from tests.support.laptop import install
from tests.support.pack_source import write_source


class Now:
    s = 0.0

    def __call__(self):
        return self.s


@pytest.fixture
def packs(tmp_path):
    install(tmp_path / "laptop", write_source(tmp_path / "source", video_bytes=300_000))
    return tmp_path / "laptop" / "packs"


def media(packs):
    (installed,) = Installation(packs).installed()
    return installed, installed.manifest.media


def test_a_media_file_is_found_by_its_hash(packs):
    installed, entries = media(packs)
    shelf = Shelf(packs)
    for entry in entries:
        found = shelf.find(entry.sha256)
        assert found.size_bytes == entry.size_bytes
        assert found.path.read_bytes() == (installed.folder / entry.path).read_bytes()


def test_nothing_else_is(packs):
    _, entries = media(packs)
    shelf = Shelf(packs)
    assert shelf.find("0" * 64) is None
    assert not shelf.lists("0" * 64)
    assert shelf.lists(entries[0].sha256)


def test_a_file_that_changed_since_it_came_is_not_lent(packs):
    installed, entries = media(packs)
    path = installed.folder / entries[0].path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    shelf = Shelf(packs)
    assert shelf.find(entries[0].sha256) is None
    assert shelf.lists(entries[0].sha256), "it is to come again"


def test_what_is_missing_is_listed_and_lent_when_it_has_come(packs):
    installed, entries = media(packs)
    path = installed.folder / entries[0].path
    aside = path.read_bytes()
    path.unlink()
    shelf = Shelf(packs)
    assert shelf.find(entries[0].sha256) is None
    assert shelf.lists(entries[0].sha256)
    path.write_bytes(aside)
    assert shelf.find(entries[0].sha256).path == path


def test_a_pack_that_came_is_seen_and_one_that_went_is_not(tmp_path, packs):
    now = Now()
    shelf = Shelf(packs, now)
    _, entries = media(packs)
    assert shelf.lists(entries[0].sha256)
    shutil.rmtree(packs / "algebra-7-linear", ignore_errors=True)
    for folder in packs.iterdir():
        if not folder.name.startswith("."):
            shutil.rmtree(folder)
    assert shelf.find(entries[0].sha256) is None
    now.s += LOOK_AGAIN_S
    assert not shelf.lists(entries[0].sha256)
    install(tmp_path / "laptop", write_source(tmp_path / "again", video_bytes=300_000))
    now.s += LOOK_AGAIN_S
    _, entries = media(packs)
    assert shelf.find(entries[0].sha256)


def test_a_folder_that_is_not_there_lends_nothing(tmp_path):
    assert Shelf(tmp_path / "none").find("0" * 64) is None
