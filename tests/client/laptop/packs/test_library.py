from __future__ import annotations

import shutil

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from tests.support.laptop import big_laptop, install, sample_laptop
from tests.support.pack_source import PACK, write_source


def test_a_laptop_with_many_packs_opens_none_of_them(tmp_path, monkeypatch):
    big_laptop(tmp_path / "big", packs=3, lessons=10).close()
    from content.pack import Pack

    monkeypatch.setattr(Pack, "open", lambda folder: pytest.fail("opened " + str(folder)))
    laptop = Laptop.open(tmp_path / "big")
    cards = laptop.lessons()
    assert len(cards) == 30
    assert [(card.pack, card.place) for card in cards] == [
        (f"pack-{pack}", place) for pack in range(3) for place in range(1, 11)
    ]
    laptop.close()


def test_an_unreadable_pack_is_named_and_the_others_go_on(tmp_path):
    laptop = big_laptop(tmp_path / "big", packs=2, lessons=2)
    (tmp_path / "big" / "packs" / "pack-0" / "1" / "pack.json").write_bytes(b"{")
    with pytest.raises(LaptopError) as caught:
        laptop.pack("pack-0")
    assert caught.value.code == "pack-unreadable"
    assert caught.value.message.values["subject"] == "pack-0"
    assert laptop.pack("pack-1").id == "pack-1"
    with pytest.raises(LaptopError) as caught:
        laptop.pack("pack-9")
    assert caught.value.code == "pack-missing"
    laptop.close()


def test_a_pack_that_vanished_leaves_the_index(sample, tmp_path):
    sample.close()
    shutil.rmtree(tmp_path / "sample" / "packs" / PACK)
    laptop = Laptop.open(tmp_path / "sample")
    assert laptop.lessons() == ()
    assert len(laptop.works("p-aigerim")) == 4, "work does not need its pack"
    laptop.close()


def test_a_version_installed_before_a_crash_is_shown_at_the_next_start(tmp_path):
    sample_laptop(tmp_path / "a").close()
    source = write_source(tmp_path / "source", version=2, video_bytes=0)
    install(tmp_path / "a", source)
    laptop = Laptop.open(tmp_path / "a")
    assert {card.version for card in laptop.lessons()} == {2}
    assert laptop.pack(PACK).version == 2
    laptop.close()


def test_a_newer_version_that_cannot_be_read_leaves_the_older_in_use(tmp_path):
    sample_laptop(tmp_path / "a").close()
    (tmp_path / "a" / "packs" / PACK / "2").mkdir()
    laptop = Laptop.open(tmp_path / "a")
    assert laptop.pack(PACK).version == 1
    assert len(laptop.lessons()) == 3
    laptop.close()


def test_few_packs_stay_open(tmp_path):
    laptop = big_laptop(tmp_path / "big", packs=6, lessons=1)
    first = laptop.pack("pack-0")
    assert laptop.pack("pack-0") is first
    for number in range(1, 6):
        laptop.pack(f"pack-{number}")
    assert laptop.pack("pack-0") is not first
    assert len(laptop._library._opened) == 4
    laptop.close()


def test_strange_names_among_the_packs_do_no_harm(tmp_path):
    sample_laptop(tmp_path / "a").close()
    packs = tmp_path / "a" / "packs"
    (packs / "desktop.ini").write_bytes(b"x")
    (packs / PACK / "old copy").mkdir()
    (packs / "Жаңа бума" / "7").mkdir(parents=True)
    laptop = Laptop.open(tmp_path / "a")
    assert {card.pack for card in laptop.lessons()} == {PACK}
    laptop.close()
