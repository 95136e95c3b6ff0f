"""Sitting down and getting up: what lies on the disk meanwhile, and what travels all the same."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.vaults import secrets, stretching
from client.vaults.cabinet import vault_paths
from client.vaults.recovery import RecoveryCode
from client.vaults.stretching import Cost
from client.vaults.travelling import vault_body
from client.vaults.vault_file import key_id, make_vault
from sync.kinds import VAULT
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.laptop import TurnableClock
from tests.support.school import ADDRESS, MemoryRoad, Weather

PIN = secrets.pin("2580")
OTHER = secrets.pin("7193")
TASK = ("pack", "lesson", "task")
ANSWER = "the steppe is wide and nobody else may know"


@pytest.fixture
def laptop(tmp_path, school, road):
    """A laptop of two pupils and their teacher."""
    laptop = Laptop.open(tmp_path / "laptop", TurnableClock(), road)
    laptop.enrol(ADDRESS, school.code(STUDENTS[:2], (TEACHER,)))
    yield laptop
    laptop.close()


@pytest.fixture
def pupil(laptop):
    return next(one for one in laptop.people() if not one.is_teacher).id


@pytest.fixture
def classmate(laptop):
    return [one for one in laptop.people() if not one.is_teacher][1].id


def hand_in(laptop, person, answer=ANSWER):
    return laptop.hand_in(person, *TASK, {"q": answer}, "kk")


def on_disk(laptop):
    return b"".join(
        path.read_bytes() for path in sorted(laptop.store.folder.rglob("*")) if path.is_file()
    )


def refused(call, *arguments):
    with pytest.raises(LaptopError) as caught:
        call(*arguments)
    return caught.value.code


def test_what_is_handed_in_is_never_in_clear_on_the_disk(laptop, pupil):
    laptop.vaults.create(pupil, PIN)
    laptop.save_draft(pupil, *TASK, {"q": ANSWER + " draft"})
    hand_in(laptop, pupil)
    assert laptop.works(pupil)[0].task == "task"
    assert ANSWER.encode() not in on_disk(laptop)
    laptop.vaults.get_up()
    assert ANSWER.encode() not in on_disk(laptop)


def test_what_was_written_before_there_was_a_vault_leaves_no_trace(laptop, pupil):
    name = next(one.name for one in laptop.people() if one.id == pupil)
    hand_in(laptop, pupil)
    laptop.save_draft(pupil, "pack", "lesson", "other", {"q": ANSWER})
    laptop.save_draft(pupil, "pack", "lesson", "other", {"q": ANSWER + " again"})
    assert ANSWER.encode() in on_disk(laptop)
    laptop.vaults.create(pupil, PIN)
    laptop.vaults.get_up()
    data = on_disk(laptop)
    assert ANSWER.encode() not in data
    assert name.encode() not in data
    laptop.vaults.open(pupil, PIN)
    assert laptop.draft(pupil, "pack", "lesson", "other") == {"q": ANSWER + " again"}
    assert len(laptop.works(pupil)) == 1
    assert next(one.name for one in laptop.people() if one.id == pupil) == name


def test_while_a_vault_is_closed_nothing_of_its_person_is_read_or_written(laptop, pupil):
    laptop.vaults.create(pupil, PIN)
    work = hand_in(laptop, pupil)
    laptop.save_draft(pupil, *TASK, {"q": "more"})
    laptop.vaults.get_up()
    assert laptop.works(pupil) == ()
    assert refused(laptop.draft, pupil, *TASK) == "vault-closed"
    assert refused(laptop.save_draft, pupil, *TASK, {"q": "x"}) == "vault-closed"
    assert refused(laptop.hand_in, pupil, *TASK, {"q": "x"}, "kk") == "vault-closed"
    assert refused(laptop.vaults.sit_down_open, pupil) == "vault-closed"
    assert refused(laptop.work_detail, work.id) == "no-such-work"


def test_one_pupil_never_reads_anothers(laptop, pupil, classmate):
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.create(classmate, OTHER)
    assert laptop.vaults.sitting == classmate
    assert laptop.works(pupil) == ()
    assert refused(laptop.draft, pupil, *TASK) == "vault-closed"
    hand_in(laptop, classmate, "mine")
    laptop.vaults.open(pupil, PIN)
    assert laptop.works(classmate) == ()
    assert len(laptop.works(pupil)) == 1


def test_work_is_sent_while_its_owner_is_away(laptop, school, pupil, classmate):
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.get_up()
    hand_in(laptop, classmate, "in clear between")
    laptop.vaults.open(pupil, PIN)
    hand_in(laptop, pupil, ANSWER + " 2")
    laptop.vaults.get_up()
    account = laptop.exchange()
    assert account.problem is None
    answers = sorted(answers["q"] for _, answers in school.submissions())
    assert answers == sorted([ANSWER, "in clear between", ANSWER + " 2"])
    assert laptop.store.journal().waiting_count() == 0
    laptop.vaults.open(pupil, PIN)
    assert all(work.received_ms for work in laptop.works(pupil))


def test_what_waited_in_clear_is_sent_after_it_was_locked(laptop, school, pupil, classmate):
    hand_in(laptop, pupil)
    hand_in(laptop, classmate, "the last one is not locked")
    laptop.vaults.create(pupil, PIN)
    laptop.vaults.get_up()
    assert laptop.exchange().problem is None
    assert {answers["q"] for _, answers in school.submissions()} >= {ANSWER}


def test_an_answer_that_was_lost_costs_nothing(tmp_path, school, laptop, pupil):
    weather = Weather(lose_answers=1)
    road = MemoryRoad(school, weather)
    laptop._syncing._reach = road
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.get_up()
    laptop.exchange()
    assert laptop.exchange().problem is None
    assert [answers["q"] for _, answers in school.submissions()] == [ANSWER]


def test_a_mark_that_comes_while_its_pupil_is_away_is_locked_for_them(tmp_path, school, road):
    pupils = Laptop.open(tmp_path / "pupils", TurnableClock(), road)
    pupils.enrol(ADDRESS, school.code(STUDENTS[:1]))
    teachers = Laptop.open(tmp_path / "teachers", TurnableClock(), road)
    teachers.enrol(ADDRESS, school.code((), (TEACHER,)))
    pupil, teacher = pupils.people()[0].id, teachers.people()[0].id
    pupils.vaults.create(pupil, PIN)
    hand_in(pupils, pupil)
    pupils.vaults.get_up()
    pupils.exchange()
    teachers.vaults.create(teacher, OTHER)
    teachers.vaults.get_up()
    teachers.exchange()
    assert ANSWER.encode() not in on_disk(teachers)
    teachers.vaults.open(teacher, OTHER)
    (work,) = teachers.class_work(teacher).unmarked
    assert teachers.work_detail(work.id).answers == {"q": ANSWER}
    teachers.give_mark(teacher, work.id, 7, "a comment for one pupil alone")
    teachers.vaults.get_up()
    assert b"a comment for one pupil alone" not in on_disk(teachers)
    teachers.exchange()
    pupils.exchange()
    assert b"a comment for one pupil alone" not in on_disk(pupils)
    pupils.vaults.open(pupil, PIN)
    assert pupils.works(pupil)[0].mark.comment == "a comment for one pupil alone"
    pupils.close(), teachers.close()


def test_a_vault_opens_on_the_next_laptop_with_the_same_secret(tmp_path, school, road, laptop):
    pupil = next(one for one in laptop.people() if not one.is_teacher).id
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.get_up()
    laptop.exchange()
    second = Laptop.open(tmp_path / "second", TurnableClock(), road)
    second.enrol(ADDRESS, school.code(STUDENTS[:1]))
    second.exchange()
    assert second.vaults.kind(pupil) == "pin"
    assert ANSWER.encode() not in on_disk(second)
    assert second.works(pupil) == ()
    second.vaults.open(pupil, PIN)
    assert len(second.works(pupil)) == 1
    second.close()


def test_both_branches_count_though_their_owner_was_away_when_it_forked(
    tmp_path, school, road, laptop, pupil
):
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil, "before")
    laptop.vaults.get_up()
    laptop.exchange()
    laptop.close()
    shutil.copytree(tmp_path / "laptop", tmp_path / "clone")
    both = [Laptop.open(tmp_path / name, TurnableClock(), road) for name in ("laptop", "clone")]
    for at, one in enumerate(both):
        one.vaults.open(pupil, PIN)
        one.hand_in(pupil, "pack", "lesson", f"task-{at}", {"q": f"branch {at}"}, "kk")
        one.vaults.get_up()
    for _ in range(2):
        for one in both:
            one.exchange()
    for one in both:
        one.vaults.open(pupil, PIN)
        one.vaults.get_up()
    for _ in range(2):
        for one in both:
            assert one.exchange().problem is None
    assert {answers["q"] for _, answers in school.submissions()} == {
        "before",
        "branch 0",
        "branch 1",
    }
    for one in both:
        one.vaults.open(pupil, PIN)
        assert {work.task for work in one.works(pupil)} == {"task", "task-0", "task-1"}
        one.close()


def test_a_forgotten_secret_is_replaced_with_the_schools_code_and_nothing_is_lost(laptop, pupil):
    code = RecoveryCode.generate()
    public = code.public_key()
    cabinet = laptop.store.keyring.cabinet
    cabinet._schools = {key_id(public): public}
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.get_up()
    assert refused(laptop.vaults.open, pupil, OTHER) == "secret-wrong"
    laptop.vaults.reset(pupil, str(code), OTHER)
    assert laptop.vaults.sitting == pupil
    assert len(laptop.works(pupil)) == 1
    laptop.vaults.get_up()
    laptop.vaults.open(pupil, OTHER)


def test_a_damaged_database_is_rebuilt_with_what_is_locked(tmp_path, road, laptop, pupil):
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.get_up()
    laptop.close()
    path = tmp_path / "laptop" / "keruen.db"
    data = bytearray(path.read_bytes())
    data[18:20] = b"\xff\xff"
    path.write_bytes(bytes(data))
    again = Laptop.open(tmp_path / "laptop", TurnableClock(), road)
    again.vaults.open(pupil, PIN)
    assert len(again.works(pupil)) <= 1
    again.close()


def test_a_teacher_with_a_later_vault_reads_once_the_pupil_sat_down_again(laptop, pupil):
    teacher = next(one for one in laptop.people() if one.is_teacher).id
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.save_draft(pupil, "pack", "lesson", "other", {"q": ANSWER})
    laptop.vaults.create(teacher, OTHER)
    assert laptop.class_work(teacher).unmarked == ()
    laptop.vaults.open(pupil, PIN)
    laptop.vaults.open(teacher, OTHER)
    (work,) = laptop.class_work(teacher).unmarked
    assert laptop.work_detail(work.id).answers == {"q": ANSWER}
    assert refused(laptop.draft, pupil, "pack", "lesson", "other") == "vault-closed"
    assert ANSWER.encode() not in on_disk(laptop)


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"x"), lambda path: path.unlink()])
def test_a_vault_whose_files_were_spoilt_is_written_anew(laptop, pupil, spoil):
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.change(pupil, PIN, OTHER)
    laptop.vaults.get_up()
    for path in vault_paths(laptop.store.folder, pupil):
        spoil(path)
    assert laptop.vaults.kind(pupil) == "pin"
    assert refused(laptop.vaults.open, pupil, PIN) == "secret-wrong"
    laptop.vaults.open(pupil, OTHER)
    assert len(laptop.works(pupil)) == 1


def test_another_vault_never_takes_the_place_of_the_one_that_things_are_locked_for(laptop, pupil):
    laptop.vaults.create(pupil, PIN)
    hand_in(laptop, pupil)
    laptop.vaults.get_up()
    other = make_vault(pupil, OTHER, Cost(stretching.MIN_LOG_N), {})
    higher = replace(other, serial=99).signed_by(other.open_with(OTHER))
    with laptop.store.database.transaction():
        laptop.store.journal().append(pupil, VAULT, vault_body(higher))
    for path in vault_paths(laptop.store.folder, pupil):
        path.unlink()
    laptop.vaults.kind(pupil)
    laptop.vaults.open(pupil, PIN)
    assert len(laptop.works(pupil)) == 1


def test_a_vault_that_comes_while_its_person_works_in_clear_waits_until_they_get_up(
    tmp_path, school, road, laptop, pupil
):
    second = Laptop.open(tmp_path / "second", TurnableClock(), road)
    second.enrol(ADDRESS, school.code(STUDENTS[:1]))
    second.vaults.create(pupil, PIN)
    second.exchange()
    laptop.vaults.sit_down_open(pupil)
    laptop.save_draft(pupil, *TASK, {"q": "half"})
    laptop.exchange()
    laptop.vaults.sit_down_open(pupil)
    laptop.save_draft(pupil, *TASK, {"q": ANSWER})
    assert laptop.draft(pupil, *TASK) == {"q": ANSWER}, "who sits there already stays"
    laptop.vaults.get_up()
    assert laptop.vaults.kind(pupil) == "pin"
    assert ANSWER.encode() not in on_disk(laptop)
    laptop.vaults.open(pupil, PIN)
    assert laptop.draft(pupil, *TASK) == {"q": ANSWER}
    second.close()


@pytest.mark.parametrize("first_locked", [True, False])
@pytest.mark.parametrize("second_locked", [True, False])
def test_a_file_that_two_attached_is_taken_back_by_neither_from_the_other(
    tmp_path, laptop, pupil, classmate, first_locked, second_locked
):
    path = tmp_path / "group work.ogg"
    path.write_bytes(b"OggS" + b"x" * 1000)
    names = []
    for person, secret, locked in ((pupil, PIN, first_locked), (classmate, OTHER, second_locked)):
        if locked:
            laptop.vaults.create(person, secret)
        else:
            laptop.vaults.sit_down_open(person)
        names.append(laptop.attach(path).name)
        laptop.save_draft(person, *TASK, {"photo": [names[-1]]})
    laptop.save_draft(classmate, *TASK, {"photo": []})
    laptop.take_back(names[1])
    if first_locked:
        laptop.vaults.open(pupil, PIN)
    else:
        laptop.vaults.sit_down_open(pupil)
    assert names[0] == names[1]
    assert laptop.attached(names[0]).here
    hand_in(laptop, pupil)
    laptop.hand_in(pupil, "pack", "lesson", "other", {"photo": names[:1]}, "kk")
    assert laptop._attachments.read_own(names[0]) == path.read_bytes()


def test_who_has_opened_their_vault_sits_there_though_nothing_more_can_be_written(
    laptop, pupil, monkeypatch
):
    laptop.vaults.create(pupil, PIN)
    laptop.vaults.get_up()
    for name in ("tell_vault", "tidy_up"):
        monkeypatch.setattr("client.laptop.people.vaults." + name, _full)
    laptop.vaults.open(pupil, PIN)
    assert laptop.vaults.sitting == pupil


def _full(*_):
    raise OSError(28, "no space left on device")
