"""Sealed tasks: what is on the disk, what a code opens, and what cannot be made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict

import pytest

from content.building.builder import build_pack
from content.building.source_toml import read_toml
from content.core import unpack_core
from content.errors import DamagedError, SourceError
from content.fields import Fields
from content.items.registry import KINDS
from content.repositories.repository import Repository
from content.scoring import score_task
from content.sealing.errors import SealedError, WrongCodeError
from content.sealing.secret import sealing_secret
from content.sealing.task import codes, level, open_task, sealed_values, unlock
from content.task import read_task
from content.trust.keys import PublisherKey
from content.variants.instance import task_key
from tests.content.sealing.samples import ASKED, SECRETS, as_toml, sealed_task
from tests.support.laptop import install
from tests.support.pack_source import PACK, write_source

PLACE = task_key(PACK, "meaning", "check")
SECRET = b"author" * 6


def fields(values: Dict[str, Any]) -> Fields:
    return Fields(values, "task", SourceError)


def built(how: str) -> Fields:
    return fields(sealed_values(fields(sealed_task(how)), PLACE, SECRET))


def card(how: str) -> Dict[str, str]:
    return {one.part: one.code for one in codes(fields(sealed_task(how)), PLACE, SECRET)}


def test_every_kind_is_in_the_sample() -> None:
    assert {one["kind"] for one in sealed_task("key")["item"]} == set(KINDS)


def test_the_questions_can_be_read_and_their_key_is_none() -> None:
    opening = open_task(built("key"), PLACE, {})
    task = read_task("t", opening.fields)
    real = read_task("t", fields({**sealed_task("key"), "sealed": "key"}))
    assert opening.key_sealed
    assert [item.id for item in task.items] == [item.id for item in real.items]
    assert [item.points for item in task.items] == [item.points for item in real.items]
    assert task.feedback == "none"
    said = json.dumps(opening.fields.values, ensure_ascii=False)
    assert ASKED in said
    assert not [one for one in SECRETS if one in said]
    assert "777" not in said
    order = task.item("o")
    assert order is not None
    assert order.right_answer != ("z", "y", "x", "w", "v")


def test_the_placeholder_keys_say_nothing_of_the_real_ones() -> None:
    other = sealed_task("key")
    for item in other["item"]:
        for choice in item.get("choice", ()):
            choice["correct"] = not choice.get("correct", False)
        item.update({"answer": "5"} if item["kind"] == "number" else {})
        if "part" in item:
            item["part"] = list(reversed(item["part"]))
        for row in item.get("row", ()):
            row.update({"match": "p"} if "match" in row else {})
    other["item"] = [one for one in other["item"] if one["id"] != "pl"]
    mine = sealed_task("key")
    mine["item"] = [one for one in mine["item"] if one["id"] != "pl"]
    one, two = (sealed_values(fields(task), PLACE, SECRET) for task in (mine, other))
    assert one.pop("sealed") != two.pop("sealed")
    assert one == two


def test_nothing_is_scored_while_the_key_is_sealed() -> None:
    import dataclasses

    task = dataclasses.replace(
        read_task("t", open_task(built("key"), PLACE, {}).fields), key_sealed=True
    )
    score = score_task(task, {"n": "0", "c": "a"})
    assert (score.points, score.waiting) == (0, score.of)


@pytest.mark.parametrize("how", ["key", "all"])
def test_the_key_code_opens_everything(how: str) -> None:
    name, key = unlock(built(how), PLACE, card(how)["key"])
    opening = open_task(built(how), PLACE, {name: key})
    assert not opening.key_sealed and not opening.questions_sealed
    whole = {name: value for name, value in sealed_task(how).items() if name != "sealed"}
    assert opening.fields.values == whole


def test_the_questions_code_opens_the_questions_alone() -> None:
    sealed = open_task(built("all"), PLACE, {})
    assert sealed.questions_sealed
    assert ASKED not in json.dumps(sealed.fields.values, ensure_ascii=False)
    name, key = unlock(built("all"), PLACE, card("all")["questions"])
    opening = open_task(built("all"), PLACE, {name: key})
    assert opening.key_sealed and not opening.questions_sealed
    assert read_task("t", opening.fields).items
    assert not [one for one in SECRETS if one in json.dumps(opening.fields.values)]


def test_building_again_gives_the_same_bytes_and_card_and_another_text_others() -> None:
    assert built("all").values == built("all").values
    other = sealed_task("all")
    other["item"][0]["answer"] = "5"
    assert codes(fields(other), PLACE, SECRET)[1].code != card("all")["key"]
    assert codes(fields(other), PLACE, SECRET)[0].code == card("all")["questions"]
    assert codes(fields(sealed_task("all")), PLACE, b"other")[0].code != card("all")["questions"]


@pytest.mark.parametrize("typed", ["", "1234", "0000-0000-0000", "нет кода", "K7PM-3QXA-9WTC" * 9])
def test_a_wrong_code_opens_nothing(typed: str) -> None:
    with pytest.raises(WrongCodeError):
        unlock(built("all"), PLACE, typed)


def test_a_part_opens_at_its_own_place_only() -> None:
    with pytest.raises(WrongCodeError):
        unlock(built("all"), "another/task/here", card("all")["key"])
    name, key = unlock(built("all"), PLACE, card("all")["key"])
    with pytest.raises(DamagedError):
        open_task(built("all"), "another/task/here", {name: key})
    with pytest.raises(DamagedError):
        open_task(built("all"), PLACE, {name: bytes(32)})


def test_a_task_with_numbers_of_its_own_is_sealed_whole_or_not_at_all() -> None:
    task = {**sealed_task("key"), "parameter": [{"name": "a", "from": 1, "to": 9}]}
    with pytest.raises(SourceError, match="lead to its key"):
        level(fields(task))
    assert level(fields({**task, "sealed": "all"})) == "all"
    assert level(fields({**sealed_task("key"), "shuffle": True})) == "key"


@pytest.mark.parametrize("how", ["key", "all"])
def test_no_file_on_the_disk_holds_the_key(how: str, tmp_path: Path) -> None:
    """The pack's files as they are published and as they are laid out on a laptop."""
    source = write_source(tmp_path / "source", lessons=("meaning",), video_bytes=0)
    task = source / "lessons" / "meaning" / "tasks" / "check.toml"
    task.write_text(as_toml(sealed_task(how)), encoding="utf-8")
    key = PublisherKey.generate()
    manifest = build_pack(source, tmp_path / "repository", key)
    assert build_pack(source, tmp_path / "repository", key) == manifest
    install(tmp_path / "laptop", source)
    files = [one for one in tmp_path.rglob("*") if one.is_file() and source not in one.parents]
    everything = [one.read_bytes() for one in files]
    repository = Repository(tmp_path / "repository")
    packed = repository.object_path(manifest.core.object).read_bytes()
    everything += list(unpack_core(packed, manifest.core).values())
    assert any(b'"kk"' in data for data in everything)
    for word in (*SECRETS, "777,123"):
        for spelled in (word.encode(), json.dumps(word)[1:-1].encode()):
            assert not [data for data in everything if spelled in data], word
    assert any(ASKED.encode() in data for data in everything) is (how == "key")
    written = read_toml(task)
    code = codes(written, PLACE, sealing_secret(key))[-1].code
    core = unpack_core(packed, manifest.core)
    values = json.loads(core["lessons/meaning/tasks/check.json"])
    assert unlock(fields(values), PLACE, code)


def test_a_sealed_pack_says_so_until_it_is_opened(tmp_path: Path) -> None:
    from content.pack import Pack

    source = write_source(tmp_path / "source", lessons=("meaning",), video_bytes=0)
    task = source / "lessons" / "meaning" / "tasks" / "check.toml"
    task.write_text(as_toml(sealed_task("all")), encoding="utf-8")
    install(tmp_path, source)
    pack = Pack.open(tmp_path / "packs" / PACK / "1")
    assert pack.lesson("meaning").tasks[0].items == len(sealed_task("all")["item"])
    with pytest.raises(SealedError):
        pack.task("meaning", "check")
    with pytest.raises(WrongCodeError):
        pack.unlock("meaning", "check", "0000-0000-0000")
