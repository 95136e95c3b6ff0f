from __future__ import annotations

import sqlite3

import pytest

from client.laptop.laptop import Laptop
from client.laptop.storage.losses import SETTING, Losses, from_json
from client.messages import LANGUAGES, Messages
from tests.support.laptop import AIGERIM, NURLAN, sample_laptop
from tests.support.pack_source import PACK

TASK = (PACK, "problems", "caravan")


@pytest.fixture
def folder(tmp_path):
    laptop = sample_laptop(tmp_path / "a")
    for number in range(6):
        person = NURLAN if number % 3 == 0 else AIGERIM
        laptop.save_draft(person.id, *TASK, {"why": f"{number}"})
        laptop.hand_in(person.id, *TASK, {"why": f"{number}"}, "kk")
    laptop.save_draft(AIGERIM.id, *TASK, {"why": "half"})
    laptop.save_draft(NURLAN.id, *TASK, {"why": "half"})
    laptop.close()
    return tmp_path / "a"


def spoil(folder, *statements):
    connection = sqlite3.connect(str(folder / "keruen.db"))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def losses_of(laptop) -> Losses:
    found = from_json(laptop.store.setting(SETTING))
    assert found is not None
    return found


def test_what_could_not_be_restored_is_named(folder):
    laptop = Laptop.open(folder)
    unsent = [work for work in laptop.works(NURLAN.id) if work.task == "caravan"]
    laptop.close()
    seqs = ", ".join(str(work.id.seq) for work in unsent)
    spoil(
        folder,
        f"UPDATE sync_journal SET body = 'torn' WHERE seq IN ({seqs})",
        "UPDATE sync_journal SET body = 'torn' WHERE seq = 1",
        f"UPDATE drafts SET answers = '[torn' WHERE person = '{NURLAN.id}'",
    )
    laptop = Laptop.open(folder)
    losses = losses_of(laptop)
    (notice,) = laptop.notices()
    assert str(len(unsent) + 1) in Messages("kk").text(notice)
    assert losses.records == ((NURLAN.id, len(unsent)),)
    assert losses.drafts == ((NURLAN.id, *TASK),)
    assert losses.at_school == 1, "a receipt covers the first"
    said = losses.told(lambda person: laptop.person(person).name)
    for language in LANGUAGES:
        assert f"{NURLAN.name} ({len(unsent) + 1})" in Messages(language).text(said)
    assert laptop.draft(AIGERIM.id, *TASK) == {"why": "half"}
    assert laptop.draft(NURLAN.id, *TASK) == {}
    laptop.close()
    again = Laptop.open(folder)
    assert again.notices() == (), "it is rebuilt once"
    again.close()


def test_pages_that_are_gone_are_named_by_the_index(folder):
    path = folder / "keruen.db"
    connection = sqlite3.connect(str(path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall()
    page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
    people = dict(
        connection.execute("SELECT person, count(*) FROM sync_journal WHERE seq > 3 GROUP BY 1")
    )
    connection.close()
    place = (dict(rows)["sync_journal"] - 1) * page_bytes
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * page_bytes)
    laptop = Laptop.open(folder)
    assert dict(losses_of(laptop).records) == people
    assert laptop.drafts(AIGERIM.id)
    laptop.close()


def test_a_sound_file_rebuilt_has_lost_nothing(folder):
    from client.laptop.storage.salvage import rebuild

    rebuild(folder)
    laptop = Laptop.open(folder)
    losses = losses_of(laptop)
    assert not losses.any and losses.told(str) is None
    laptop.close()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"at_school": "x"}', "null"])
def test_what_was_not_written_down_tells_nothing(text):
    assert from_json(text) is None


def test_what_was_written_down_is_read_again():
    losses = Losses(2, (("p", 3),), (("p", "a", "b", "c"),))
    assert from_json(losses.to_json()) == losses
    assert losses.people() == {"p": 4}
