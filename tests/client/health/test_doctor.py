from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.health.doctor import visit
from client.health.finding import State
from client.laptop.laptop import Laptop
from client.laptop.people import membership as memberships
from client.messages import LANGUAGES, Messages
from tests.support.examples import examples
from tests.support.laptop import AIGERIM, NURLAN, TurnableClock, sample_laptop
from tests.support.pack_source import PACK, RIGHT_ANSWERS

DAY_MS = 86_400_000
TASK = (PACK, "problems", "caravan")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory):
    place = tmp_path_factory.mktemp("lived-in") / "a"
    laptop = sample_laptop(place)
    laptop.save_draft(AIGERIM.id, *TASK, RIGHT_ANSWERS)
    laptop.close()
    return place


@pytest.fixture
def folder(tmp_path, lived_in):
    shutil.copytree(lived_in, tmp_path / "a")
    return tmp_path / "a"


def keys(done, *kinds):
    return {one.sentence.key for one in done.findings if one.state in kinds}


def change(folder, *statements):
    connection = sqlite3.connect(str(folder / "keruen.db"))
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_laptop_is_well_and_nothing_of_it_changes(folder):
    before = (folder / "membership").read_bytes()
    done = visit(folder, mend=True)
    assert {one.state for one in done.findings} == {State.WELL}, done.findings
    assert {one.check for one in done.findings} == {
        "database",
        "membership",
        "work",
        "packs",
        "clock",
        "disk",
    }
    assert (folder / "membership").read_bytes() == before
    laptop = Laptop.open(folder)
    assert laptop.draft(AIGERIM.id, *TASK) == RIGHT_ANSWERS
    laptop.close()


def test_everything_is_said_in_every_language(folder):
    change(folder, "UPDATE drafts SET answers = '{torn'")
    (folder / "membership").write_bytes(b"torn")
    for mend in (False, True):
        done = visit(folder, mend=mend)
        for language in LANGUAGES:
            told = [one.to_json(Messages(language).text) for one in done.findings]
            assert all(one["sentence"] for one in told)


def test_a_damaged_database_is_told_and_rebuilt_only_on_request(folder):
    damaged = (folder / "keruen.db").read_bytes()[:20_000]
    (folder / "keruen.db").write_bytes(damaged)
    told = visit(folder, mend=False)
    assert keys(told, State.ILL) == {"doctor.database-damaged"} and told.mendable
    assert (folder / "keruen.db").read_bytes() == damaged
    assert not list(folder.glob("*.damaged-*"))
    done = visit(folder, mend=True)
    assert not done.ill
    assert keys(done, State.MENDED) & {"error.rebuilt", "error.rebuilt-lost"}
    assert "doctor.damaged-kept" in keys(done, State.ADVICE)
    assert not visit(folder, mend=False).ill


def test_whose_records_are_gone_is_said_until_long_after(folder):
    change(folder, f"UPDATE sync_journal SET body = 'torn' WHERE person = '{AIGERIM.id}'")
    visit(folder, mend=True)
    done = visit(folder, mend=False)
    (said,) = [one.sentence for one in done.findings if one.sentence.key.endswith("-losses")]
    assert AIGERIM.name in said.values["people"] and NURLAN.name not in said.values["people"]


@pytest.mark.parametrize("name", memberships.NAMES)
@pytest.mark.parametrize("content", [b"", b"torn", None])
def test_a_damaged_copy_of_the_membership_is_written_anew(folder, name, content):
    whole = memberships.load(folder)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    assert keys(visit(folder, mend=False), State.ILL) == {"doctor.membership-copy"}
    assert keys(visit(folder, mend=True), State.MENDED) == {"doctor.membership-mended"}
    assert memberships.copies(folder) == dict.fromkeys(memberships.NAMES, whole)


def test_a_membership_that_is_lost_is_said_and_the_rest_is_looked_at(folder):
    for name in memberships.NAMES:
        (folder / name).write_bytes(b"torn")
    done = visit(folder, mend=True)
    assert keys(done, State.ILL) == {"doctor.membership-lost"}
    assert "doctor.packs-whole" in keys(done, State.WELL)


def test_a_laptop_of_no_school_is_well(tmp_path):
    done = visit(tmp_path / "new", mend=False)
    assert not done.ill and "doctor.membership-none" in keys(done, State.WELL)


def test_what_waits_for_long_is_said(folder):
    assert "doctor.work-waits" in keys(visit(folder, mend=False), State.WELL)
    later = TurnableClock(9 * DAY_MS)
    change(folder, "UPDATE sync_progress SET offset_ms = 0, floor_ms = 0")
    done = visit(folder, mend=False, clock=later)
    (said,) = [one for one in done.findings if one.sentence.key == "doctor.work-waits-long"]
    assert said.sentence.values["days"] >= 8


def test_a_record_that_only_the_school_can_read_is_counted(folder):
    change(folder, "UPDATE sync_journal SET body = '{torn' WHERE seq = 2")
    done = visit(folder, mend=True)
    assert "doctor.records-unreadable" in keys(done, State.ADVICE)


def test_what_was_put_aside_is_named(folder):
    change(folder, "INSERT INTO set_aside VALUES ('algebra', 'object-damaged', 'their-data', '')")
    done = visit(folder, mend=False)
    (said,) = [one for one in done.findings if one.sentence.key == "doctor.set-aside"]
    assert said.detail == "algebra"


def test_a_part_that_cannot_be_looked_at_hides_no_other(folder, monkeypatch):
    def broken(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr("client.health.doctor.look_at_packs", broken)
    done = visit(folder, mend=False)
    assert keys(done, State.ILL) == {"doctor.unknown"}
    assert "doctor.disk-room" in keys(done, State.WELL)
    (told,) = done.ill
    assert told.detail == "RuntimeError: broken"
    assert all(Messages(language).text(told.sentence) for language in LANGUAGES)


def test_a_database_of_a_newer_programme_is_left_alone(folder):
    change(folder, "PRAGMA user_version = 999")
    with pytest.raises(Exception, match="version"):
        visit(folder, mend=True)


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.floats(0, 1), st.sampled_from(["flip", "cut", "zero"])),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_damaged_is_explained_and_mended_as_far_as_it_can_be(lived_in, harms):
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "a"
        shutil.copytree(lived_in, folder)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for number, share, how in harms:
            spoil(files[number % len(files)], share, how)
        visit(folder, mend=False)
        first = visit(folder, mend=True)
        again = visit(folder, mend=True)
        assert not again.mendable, [one for one in again.findings if one.mendable]
        assert {one.sentence.key for one in again.ill} <= {one.sentence.key for one in first.ill}
        assert "doctor.unknown" not in keys(first, State.ILL) | keys(again, State.ILL)
        laptop = Laptop.open(folder)
        laptop.close()


def spoil(path, share, how):
    data = bytearray(path.read_bytes())
    place = int(share * max(0, len(data) - 1))
    if how == "cut":
        del data[place:]
    elif data:
        end = min(len(data), place + 64)
        data[place:end] = (
            bytes(end - place) if how == "zero" else bytes(b ^ 0x5A for b in data[place:end])
        )
    path.write_bytes(bytes(data))
