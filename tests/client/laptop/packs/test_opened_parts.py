"""Sealed tests on a laptop: nothing of them is on the disk before the code, all works after it."""

from __future__ import annotations

import json

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.packs import opened_parts
from content.building.builder import build_pack
from content.commands.codes import pack_codes
from content.installation import Installation
from content.repositories.repository import Repository
from content.trust.keys import PublisherKey
from sync.identity import Identity
from tests.content.sealing.samples import ASKED, SECRETS, as_toml, sealed_task
from tests.support.laptop import AIGERIM, TEACHER_SAULE, make_member
from tests.support.pack_source import PACK, write_source

WHERE = (PACK, "meaning", "check")
RIGHT = {"n": "31415926", "s": "geheimnis", "c": "b", "o": ["z", "y", "x", "w", "v"]}


def laptop_with(tmp_path, how):
    """A laptop with a sealed test, its folder and the author's card."""
    data, key = tmp_path / "data", PublisherKey.generate()
    make_member(data, (AIGERIM, TEACHER_SAULE), Identity.generate(), Identity.generate())
    source = write_source(tmp_path / "source", lessons=("meaning",), video_bytes=0)
    task = source / "lessons" / "meaning" / "tasks" / "check.toml"
    task.write_text(as_toml(sealed_task(how)), encoding="utf-8")
    manifest = build_pack(source, tmp_path / "repository", key)
    staging = Installation(data / "packs").begin(manifest)
    core = Repository(tmp_path / "repository").object_path(manifest.core.object)
    staging.put_core(core.read_bytes())
    staging.finish()
    card = {one.part: one.code for one in pack_codes(source, key)}
    return Laptop.open(data), data, card


def on_disk(folder):
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_whole_life_of_a_sealed_test(tmp_path):
    laptop, data, card = laptop_with(tmp_path, "all")
    with pytest.raises(LaptopError) as closed:
        laptop.task(AIGERIM.id, *WHERE, 1)
    with pytest.raises(LaptopError) as refused:
        laptop.unlock(AIGERIM.id, *WHERE, "0000-0000-0000")
    assert (closed.value.code, refused.value.code) == ("sealed", "code-wrong")
    assert ASKED.encode() not in on_disk(data)
    laptop.unlock(AIGERIM.id, *WHERE, card["questions"].lower().replace("-", " "))
    task = laptop.task(AIGERIM.id, *WHERE, 1)
    assert task.key_sealed
    work = laptop.hand_in(AIGERIM.id, *WHERE, RIGHT, "kk")
    assert (work.points, work.of, work.waiting) == (None, task.points, task.points)
    disk = on_disk(data)
    for secret in SECRETS:
        if secret not in RIGHT.values():
            assert secret.encode() not in disk, secret
            assert json.dumps(secret)[1:-1].encode() not in disk
    detail = laptop.work_detail(work.id)
    assert detail.score.items["n"].points is None
    laptop.unlock(TEACHER_SAULE.id, *WHERE, card["key"])
    detail = laptop.work_detail(work.id)
    assert not detail.task.key_sealed
    assert [detail.score.items[one].correct for one in RIGHT] == [True] * 4
    laptop.give_mark(TEACHER_SAULE.id, work.id, 4, "")
    assert laptop.works(AIGERIM.id)[0].mark.points == 4
    laptop.close()
    again = Laptop.open(data)
    assert not again.task(AIGERIM.id, *WHERE, 1).key_sealed
    again.close()


def test_a_teacher_whose_laptop_has_not_opened_it_is_told_so(tmp_path):
    laptop, _, card = laptop_with(tmp_path, "all")
    work = laptop.hand_in(AIGERIM.id, *WHERE, RIGHT, "kk")
    detail = laptop.work_detail(work.id)
    assert (detail.task, detail.sealed, detail.answers["c"]) == (None, True, "b")
    laptop.unlock(TEACHER_SAULE.id, *WHERE, card["key"])
    detail = laptop.work_detail(work.id)
    assert not detail.sealed
    assert detail.score.items["c"].correct
    laptop.close()


def test_a_sealed_key_lets_the_questions_be_answered(tmp_path):
    laptop, _, _ = laptop_with(tmp_path, "key")
    assert laptop.task(AIGERIM.id, *WHERE, 1).key_sealed
    work = laptop.hand_in(AIGERIM.id, *WHERE, {"c": "a"}, "kk")
    assert work.points is None
    laptop.close()


def test_a_damaged_key_is_as_if_it_were_not_there(tmp_path):
    laptop, _, _ = laptop_with(tmp_path, "all")
    connection = laptop._store.database.connection
    opened_parts.keep(connection, "good", b"k" * 32)
    connection.execute("INSERT INTO settings VALUES ('opened.bad', '!')")
    connection.execute("INSERT INTO settings VALUES ('openedx', 'AAAA')")
    assert opened_parts.load(connection) == {"good": b"k" * 32}
    laptop.close()
