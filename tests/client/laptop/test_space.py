from __future__ import annotations

import json

import pytest

from client.cli import DONE, main
from client.laptop.space import measure
from tests.support.laptop import AIGERIM, NURLAN, sample_laptop
from tests.support.pack_source import PACK


@pytest.fixture
def laptop(tmp_path):
    laptop = sample_laptop(tmp_path / "a")
    yield laptop
    laptop.close()


def space(laptop):
    return measure(laptop.store, laptop.library)


def test_a_pack_is_its_texts_and_its_media(laptop):
    (pack,) = space(laptop).packs
    (installed,) = laptop.library.installation().installed()
    here = [one for one in installed.manifest.media if installed.has_media(one)]
    assert pack.media_bytes == sum(one.size_bytes for one in here)
    assert pack.texts_bytes >= installed.manifest.core.unpacked_bytes
    assert (pack.pack, pack.version, pack.older_bytes) == (PACK, 1, 0)
    assert set(pack.title) == {"kk", "ru", "en"}


def test_everybody_has_what_they_wrote_and_the_largest_comes_first(laptop):
    before = {one.id: one.size_bytes for one in space(laptop).people}
    assert before[AIGERIM.id] > before[NURLAN.id] > 0
    laptop.save_draft(NURLAN.id, PACK, "meaning", "check", {"root": "ә" * 1000})
    after = space(laptop).people
    assert after[0].id == NURLAN.id and after[0].size_bytes >= before[NURLAN.id] + 2000
    assert after[0].leaves_ms == 0


def test_an_attached_file_is_its_owners(laptop, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 " + bytes(100_000))
    attached = laptop.attach(tmp_path / "a.pdf")
    before = {one.id: one.files_bytes for one in space(laptop).people}
    laptop.hand_in(AIGERIM.id, PACK, "meaning", "check", {"file": [attached.name]}, "kk")
    after = {one.id: one.files_bytes for one in space(laptop).people}
    assert after[AIGERIM.id] >= before[AIGERIM.id] + 100_000
    assert after[NURLAN.id] == before[NURLAN.id]
    assert space(laptop).files_bytes == sum(after.values())


def test_the_parts_make_up_what_is_on_the_disk(laptop):
    (laptop.store.folder / "keruen.db.damaged-1").write_bytes(b"x" * 5000)
    found = space(laptop)
    parts = sum(one.size_bytes for one in found.packs) + found.database_bytes + found.files_bytes
    assert found.damaged_bytes == 5000
    assert 0 <= found.total_bytes - parts - 5000 < 20_000, "the membership and little else"


def test_the_command_tells_it_for_scripts(laptop, capsys):
    folder = laptop.store.folder
    laptop.close()
    assert main(["--data", str(folder), "--language", "en", "space"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["sentence"].startswith("Lessons take")
    assert {one["id"] for one in told["people"]} >= {AIGERIM.id, NURLAN.id}
    assert told["packs"][0]["size_bytes"] > 0
