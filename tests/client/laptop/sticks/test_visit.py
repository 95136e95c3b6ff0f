from __future__ import annotations

import sqlite3

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.sticks.visit import visit
from client.laptop.syncing.under_way import STICK_LOCK, until_stick
from client.messages import LANGUAGES, Messages
from sync.errors import ObjectError, StickError
from sync.kinds import DEVICE_REPORT
from sync.lock import held
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS
from tests.support.stick_post import answer_letters, lay_packs, mailbox
from tests.support.stick_volume import MemoryVolume


@pytest.fixture
def stick():
    return MemoryVolume()


@pytest.fixture
def away(joined, road):
    """A laptop of the school that no network reaches any more."""
    joined.exchange()
    road.weather.away = True
    return joined


def hand_in(laptop, task="check", answers=RIGHT_ANSWERS):
    return laptop.hand_in(laptop.people()[0].id, PACK, "meaning", task, answers, "kk")


def stations(laptop):
    return [work.station for work in laptop.works(laptop.people()[0].id)]


def test_work_goes_to_school_and_its_receipt_comes_back(away, school, stick):
    school.publish()
    lay_packs(school, stick)
    first = visit(away, stick)
    assert first.problem is None and first.set_aside == ()
    assert [one.pack for one in first.packs_installed] == []  # nobody has told whom to trust yet
    answer_letters(school, stick)
    second = visit(away, stick)
    assert [one.pack for one in second.packs_installed] == [PACK]
    hand_in(away)
    assert stations(away) == [Station.SAVED]
    left = visit(away, stick)
    assert (left.works_left, left.works_arrived, left.safe) == (1, 0, True)
    assert left.sentence.key == "stick.left"
    assert away.status().sentence.key == "status.on-stick"
    assert stations(away) == [Station.SENT]
    answer_letters(school, stick)
    assert len(school.submissions()) == 1
    hand_in(away, "practice")
    assert away.status().sentence.key == "status.waiting", "one of them is on no stick yet"
    back = visit(away, stick)
    assert (back.works_left, back.works_arrived) == (1, 1)
    said = [Messages(language).text(back.sentence) for language in LANGUAGES]
    assert said[2] == (
        "The school has received 1 piece of work from this laptop. 1 answer is on the stick, which"
        " must now go to the school. You can take it out."
    )
    assert said[1].startswith("Школа получила 1 работу с этого ноутбука. 1 ответ записан")
    assert back.receipt is not None
    assert sorted(stations(away)) == [Station.SENT, Station.SCHOOL]
    answer_letters(school, stick)
    assert len(school.submissions()) == 2


def test_a_stick_with_nothing_new_is_not_written(away, school, stick):
    hand_in(away)
    visit(away, stick)
    before, steps = stick.files(), stick.steps
    again = visit(away, stick)
    assert stick.files() == before
    assert stick.steps - steps < 200
    assert again.sentence.key == "stick.left"
    answer_letters(school, stick)
    visit(away, stick)
    answer_letters(school, stick)
    visit(away, stick)
    before = stick.files()
    quiet = visit(away, stick)
    assert stick.files() == before
    assert quiet.is_empty and quiet.sentence.key == "stick.nothing-new"


def test_letters_are_removed_when_nobody_needs_them(away, school, stick):
    for task in ("check", "practice"):
        hand_in(away, task)
        visit(away, stick)
    box = mailbox(school, stick)
    assert len(list(box.up_letters())) == 1, "the later letter says all that the first did"
    answer_letters(school, stick)
    visit(away, stick)
    assert box.replies() == ()
    assert list(box.own_letters()) == []


@pytest.mark.parametrize("code", ["stick-full", "stick-failed", "stick-read-only"])
def test_a_stick_that_cannot_be_written_is_read_all_the_same(away, school, stick, code):
    hand_in(away)
    visit(away, stick)
    answer_letters(school, stick)
    hand_in(away, "practice")
    if code == "stick-read-only":
        stick.make_read_only()
    elif code == "stick-full":
        stick.medium.capacity_bytes = 0
    else:
        write = stick.write
        stick.write = lambda *args: (_ for _ in ()).throw(StickError(code)) or write(*args)
    account = visit(away, stick)
    assert account.works_arrived == 1
    assert account.problem.code == code
    assert account.sentence.key == f"error.{code}"
    assert sorted(stations(away)) == [Station.SAVED, Station.SCHOOL]


def test_a_visit_that_is_stopped_has_left_the_work_and_says_when_to_take_it_out(
    away, school, stick
):
    school.publish()
    lay_packs(school, stick)
    visit(away, stick)
    answer_letters(school, stick)
    hand_in(away)
    heard = []
    account = visit(away, stick, heard.append, lambda: heard[-1].sentence.key == "road.lessons")
    assert account.sentence.key == "stick.stopped"
    assert (account.works_left, account.safe, account.problem.code) == (1, True, "cancelled")
    answer_letters(school, stick)
    assert len(school.submissions()) == 1
    assert [one.pack for one in visit(away, stick).packs_installed] == [PACK]


def test_files_that_do_not_fit_here_keep_no_work_from_going(away, school, stick, monkeypatch):
    def full(_):
        raise ObjectError("disk-full")

    monkeypatch.setattr("client.laptop.sticks.files.StickFiles.take", full)
    hand_in(away)
    account = visit(away, stick)
    assert account.problem.code == "disk-full"
    assert account.works_left == 1
    answer_letters(school, stick)
    assert len(school.submissions()) == 1


def test_a_stick_that_does_not_flush_is_not_called_safe(away, stick):
    hand_in(away)
    stick.flush = lambda: (_ for _ in ()).throw(StickError("stick-failed"))
    account = visit(away, stick)
    assert not account.safe
    assert account.sentence.key == "error.stick-failed"


def test_a_stick_of_a_newer_format_is_not_touched(away, stick):
    stick.put("stick", b'{"format": 2, "id": "%s"}' % (b"0" * 32))
    hand_in(away)
    before = stick.files()
    account = visit(away, stick)
    assert account.problem.code == "stick-newer"
    assert stick.files() == before


def test_a_damaged_reply_is_named_and_comes_again(away, school, stick):
    hand_in(away)
    visit(away, stick)
    answer_letters(school, stick)
    (reply,) = [path for path in stick.files() if "/down/" in path]
    stick.flip(reply, 60)
    account = visit(away, stick)
    assert [one.code for one in account.set_aside] == ["stick-damaged"]
    assert reply not in stick.files(), "what is damaged is removed by whoever may write"
    answer_letters(school, stick)
    assert visit(away, stick).works_arrived == 1


def test_our_own_damaged_letter_is_written_again(away, school, stick):
    hand_in(away)
    visit(away, stick)
    (letter,) = [path for path in stick.files() if "/up/" in path]
    stick.flip(letter, 100)
    visit(away, stick)
    assert letter not in stick.files()
    answer_letters(school, stick)
    assert len(school.submissions()) == 1


def test_a_visit_waits_for_its_turn_and_says_so(away, stick, monkeypatch):
    monkeypatch.setattr("sync.sticks.turns.PATIENCE_S", 0.0)
    with held(away.store.folder / "sync.lock"):
        account = visit(away, stick)
    assert account.problem.code == "sync-busy"


def test_a_download_under_way_gives_way_to_a_stick(away, stick):
    stop = until_stick(away.store, lambda: False, iter(range(100)).__next__)
    assert not stop()
    with held(away.store.folder / STICK_LOCK):
        assert stop()
    assert not stop()


def test_a_full_disk_of_the_laptop_is_told_and_nothing_is_lost(away, school, stick, monkeypatch):
    hand_in(away)
    visit(away, stick)
    answer_letters(school, stick)

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("sync.sticks.correspondence.apply_reply", full)
        assert visit(away, stick).problem.code == "disk-full"
    assert visit(away, stick).works_arrived == 1


def test_a_laptop_of_no_school_says_so(tmp_path, stick):
    laptop = Laptop.open(tmp_path / "fresh")
    assert visit(laptop, stick).problem.code == "not-enrolled"
    laptop.close()
    assert stick.files() == {}


def test_a_laptop_that_was_set_back_gets_its_work_from_its_own_letter(
    tmp_path, school, road, clock, stick
):
    import shutil

    folder = tmp_path / "reset"
    laptop = Laptop.open(folder, clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)))
    laptop.close()
    shutil.copytree(folder, tmp_path / "image")
    laptop = Laptop.open(folder, clock, road)
    hand_in(laptop)
    visit(laptop, stick)
    laptop.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "image", folder)
    laptop = Laptop.open(folder, clock, road)
    assert stations(laptop) == []
    visit(laptop, stick)
    assert stations(laptop) == [Station.SENT]
    answer_letters(school, stick)
    visit(laptop, stick)
    assert stations(laptop) == [Station.SCHOOL]
    assert len(school.submissions()) == 1
    laptop.close()


def test_a_laptop_that_branches_by_stick_reports_it_with_its_next_letter(
    tmp_path, school, road, clock, stick
):
    import shutil

    folder = tmp_path / "reset"
    laptop = Laptop.open(folder, clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)))
    laptop.close()
    shutil.copytree(folder, tmp_path / "image")
    laptop = Laptop.open(folder, clock, road)
    hand_in(laptop)
    for _ in range(2):
        visit(laptop, stick)
        answer_letters(school, stick)
    visit(laptop, stick)
    laptop.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "image", folder)
    laptop = Laptop.open(folder, clock, road)
    hand_in(laptop, "practice")
    visit(laptop, stick)
    assert laptop.store.journal().of_kind(DEVICE_REPORT) == ()
    answer_letters(school, stick)
    assert visit(laptop, stick).notice is not None
    (report,) = laptop.store.journal().of_kind(DEVICE_REPORT)
    assert report.body["branch"]
    answer_letters(school, stick)
    visit(laptop, stick)
    assert laptop.store.journal().received_seq >= report.seq
    assert len(school.submissions()) == 2
    laptop.close()
