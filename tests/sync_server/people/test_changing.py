"""One pupil renamed stays one, and takes the work along into another class or school."""

from __future__ import annotations

import json
from contextlib import ExitStack

import pytest

from sync.kinds import DRAFT, MARK, ROSTER, SUBMISSION, VAULT
from sync_server.cli import main
from sync_server.errors import SetupError
from sync_server.people.changing import move, rename
from sync_server.records.own_journal import OwnJournal
from tests.support.relays import enrol_relay, laptop_at, relay
from tests.support.server import open_school

ANNA, BOLAT, SAULE, OTHER = "Анна", "Болат", "Сәуле", "Ержан"


def change(school, how, *what):
    with school.store.transaction() as transaction:
        journal = OwnJournal(transaction, school.identity.public.device_id, school.clock)
        return how(transaction, journal, *what)


def works(device):
    return [record.body["answers"] for record in device.inbox.of_kind(SUBMISSION)]


@pytest.fixture
def two_schools(tmp_path, clock):
    with ExitStack() as open_ones:
        folders = (tmp_path / name for name in ("a", "b", "region"))
        first, second, region = (
            open_ones.enter_context(open_school(folder, clock)) for folder in folders
        )
        enrol_relay(first, region)
        enrol_relay(second, region)
        yield first, second, region


def test_a_new_name_reaches_the_laptops_and_the_person_stays_one(enrolled, school, road):
    pupil, teacher = enrolled([ANNA]), enrolled(teachers=[SAULE])
    anna = pupil.person(ANNA)
    for device in (pupil, teacher):
        device.exchange_all(road)
    assert change(school, rename, anna, "  Анна   Серікқызы ").name == "Анна Серікқызы"
    for device in (pupil, teacher):
        (told,) = device.exchange(road).records
        assert (told.kind, told.body["person"], told.body["name"]) == (
            ROSTER,
            anna,
            "Анна Серікқызы",
        )
    change(school, rename, anna, "Анна Серікқызы")
    assert pupil.exchange(road).records == ()
    again = enrolled(["Анна Серікқызы"])
    assert again.person("Анна Серікқызы") == anna


def test_two_of_one_name_stay_two(enrolled, school, road):
    from sync_server.people.codes import Wish, issue_code

    enrolled([ANNA])
    own_id = school.identity.public.device_id
    wish = Wish("7А", (ANNA,), always_new=True)
    second = issue_code(school.store, own_id, school.clock, wish).people[0]
    change(school, rename, second.id, "Анна Екінші")
    with school.store.transaction() as transaction:
        names = [one.name for one in transaction.people_of_class("7А")]
    assert names == [ANNA, "Анна Екінші"]


def test_a_new_class_s_teacher_sees_the_earlier_work_and_class_s_later_one(enrolled, school, road):
    pupil, former = enrolled([ANNA]), enrolled(teachers=[SAULE])
    later = enrolled(teachers=[OTHER], class_name="8А")
    anna = pupil.person(ANNA)
    work = pupil.hand_in(anna, "before")
    pupil.write(anna, DRAFT, {"pack": "p", "lesson": "l", "task": "t", "answers": {}})
    pupil.exchange_all(road)
    former.exchange_all(road)
    former.mark(former.person(SAULE), anna, work)
    for device in (former, later, pupil):
        device.exchange_all(road)
    assert works(later) == []
    change(school, move, anna, "8А")
    pupil.hand_in(anna, "after")
    for device in (pupil, later, former):
        device.exchange_all(road)
    assert len(works(later)) == 2 and len(works(former)) == 1
    assert later.inbox.of_kind(MARK) and not later.inbox.of_kind(DRAFT)


def test_who_moves_to_another_school_takes_all_along(two_schools):
    first, second, region = two_schools
    pupil, former = laptop_at(first, [ANNA]), laptop_at(first, teachers=[SAULE])
    new = laptop_at(second, teachers=[OTHER], class_name="7Б")
    anna = pupil.person(ANNA)
    work = pupil.hand_in(anna, "before")
    pupil.write(anna, VAULT, {"person": anna, "file": "ZmlsZQ"})
    pupil.write(anna, DRAFT, {"pack": "p", "lesson": "l", "task": "t", "answers": {}})
    pupil.exchange_all(first.road())
    former.exchange_all(first.road())
    former.mark(former.person(SAULE), anna, work)
    former.exchange_all(first.road())
    for school in (first, second):
        relay(school, region)
    change(region, move, anna, "7Б", second.identity.public.device_id)
    for school in (first, second, first, second):
        relay(school, region)
    here = laptop_at(second, [ANNA], class_name="7Б")
    assert here.person(ANNA) == anna
    here.exchange_all(second.road())
    new.exchange_all(second.road())
    assert len(works(here)) == len(works(new)) == 1
    for kind in (MARK, VAULT, DRAFT):
        assert here.inbox.of_kind(kind), kind
    assert new.inbox.of_kind(MARK) and not new.inbox.of_kind(DRAFT)
    here.hand_in(anna, "at the new school")
    here.exchange_all(second.road())
    # A laptop of the former school comes back late, with work that nobody has yet.
    pupil.hand_in(anna, "late")
    pupil.exchange_all(first.road())
    for school in (first, second, first):
        relay(school, region)
    for device, school in ((new, second), (here, second), (pupil, first)):
        device.exchange_all(school.road())
    assert len(works(new)) == 3
    assert {one.body["name"] for one in new.inbox.of_kind(ROSTER)} >= {ANNA}
    with region.store.transaction() as transaction:
        refused = transaction.counts()["refused"]
    assert refused == 0
    for device in (pupil, former, new, here):
        device.close()


def test_only_a_server_above_both_moves_between_schools(two_schools, enrolled, school):
    first, _, region = two_schools
    pupil = enrolled([ANNA])
    with pytest.raises(SetupError, match="relays here"):
        change(school, move, pupil.person(ANNA), "7А", first.identity.public.device_id)
    own = laptop_at(region, [BOLAT])
    with pytest.raises(SetupError, match="above both"):
        change(region, move, own.person(BOLAT), "7А", first.identity.public.device_id)
    with pytest.raises(SetupError, match="person list"):
        change(region, rename, "nobody", "X")
    own.close()


def test_the_commands_as_one_types_them(tmp_path, capsys):
    data = str(tmp_path / "data")
    assert main(["init", data, "--school", "Ақсу"]) == 0
    assert main(["enrol", "--data", data, "--class", "7А", "--student", ANNA]) == 0
    capsys.readouterr()
    assert main(["person", "list", "--data", data, "--class", "7А", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["people"]
    assert main(["person", "rename", "--data", data, one["id"], "Анна Серікқызы"]) == 0
    assert main(["person", "move", "--data", data, one["id"], "--class", "8А"]) == 0
    capsys.readouterr()
    assert main(["person", "list", "--data", data]) == 0
    assert capsys.readouterr().out.strip() == f"{one['id']}  Анна Серікқызы, student, 8А"
    assert main(["person", "list", "--data", data, "--class", "7А"]) == 0
    assert "Nobody" in capsys.readouterr().out
    assert main(["person", "move", "--data", data, "nobody", "--class", "8А"]) == 1
