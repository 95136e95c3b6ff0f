from __future__ import annotations

import pytest

from client.theme.icons import ICONS
from sync.enrolment import code_keys
from sync.kinds import ROSTER
from sync_server.errors import SetupError
from sync_server.people.codes import withdraw_code
from sync_server.people.pictures import PICTURES, choose_picture
from sync_server.people.roster import tidy_name


def roster(school):
    with school.store.transaction() as transaction:
        everything = [f"c:{c}" for c in ("7А", "8Ә")] + [f"t:{c}" for c in ("7А", "8Ә")]
        return [d.record for d in transaction.deliveries(everything, "", 0, 100)]


def test_the_same_name_in_the_same_class_and_role_is_the_same_person(school):
    first = school.code(["Анна"]).people
    assert school.code([" Анна "]).people == first
    assert school.code(["Анна"], class_name="8Ә").people != first
    assert school.code([], ["Анна"]).people != first


def test_no_names_mean_the_whole_class(school):
    both = school.code(["Анна"], ["Сәуле"]).people
    assert school.code().people == both


def test_each_person_is_told_of_once(school):
    school.code(["Анна", "Болат"], ["Сәуле"])
    school.code(["Анна", "Болат"])
    names = [record.body["name"] for record in roster(school)]
    assert sorted(names) == ["Анна", "Болат", "Сәуле"]
    assert {record.kind for record in roster(school)} == {ROSTER}


def test_the_servers_records_are_a_journal_like_any(school):
    school.code(["Анна", "Болат"])
    school.restart()
    school.code(["Ержан"])
    records = roster(school)
    assert [record.seq for record in records] == [1, 2, 3]
    assert records[0].time < records[1].time < records[2].time


def test_the_server_keeps_no_code_in_readable_form(school):
    code = school.code(["Анна"]).code
    with school.store.transaction() as transaction:
        (kept,) = transaction.codes()
    assert kept.id == code_keys(code).code_id
    database = (school.folder.root / "server.db").read_bytes()
    log = (school.folder.root / "server.db-wal").read_bytes()
    for form in (code.digits, str(code)):
        assert form.encode() not in database + log


@pytest.mark.parametrize("laptops", [0, -1, 1001])
def test_impossible_numbers_of_laptops_are_refused(school, laptops):
    with pytest.raises(SetupError, match="1 to 1000"):
        school.code(["Анна"], laptops=laptops)


def test_a_class_of_nobody_gets_no_code(school):
    with pytest.raises(SetupError, match="Nobody is in class 9Б"):
        school.code(class_name="9Б")


@pytest.mark.parametrize("code_id", ["", "zz", "0011223344556677"])
def test_an_unknown_code_cannot_be_withdrawn(school, code_id):
    with pytest.raises(SetupError, match="no code with the id"):
        withdraw_code(school.store, code_id)


@pytest.mark.parametrize("name", ["", "   ", "\t", "x" * 101, "a\x00b", "a\x1b[31mb"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(SetupError):
        tidy_name(name, "student")


def test_names_are_kept_composed_and_with_single_spaces():
    assert tidy_name("  И\u0306ван   Серік ", "student") == "Йван Серік"


def test_pictures_are_icons_that_the_client_has():
    assert set(PICTURES) <= set(ICONS)
    assert len(set(PICTURES)) == len(PICTURES)


def test_pictures_differ_within_a_class_while_there_are_any(school):
    people = school.code([f"Оқушы {number}" for number in range(len(PICTURES) + 5)]).people
    first = [person.picture for person in people[: len(PICTURES)]]
    assert sorted(first) == sorted(PICTURES)
    assert {person.picture for person in people} == set(PICTURES)


def test_a_picture_depends_on_nothing_but_the_person_and_the_classmates():
    assert choose_picture("7А student Анна", set()) == choose_picture("7А student Анна", set())
    assert choose_picture("x", {choose_picture("x", set())}) != choose_picture("x", set())
