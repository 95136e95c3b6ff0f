"""Who left the school: what is theirs goes from laptops when the school has it, and not before."""

from __future__ import annotations

import shutil

import pytest

from client.laptop.laptop import Laptop
from client.laptop.people import leavers as module
from client.laptop.people.leavers import GRACE_MS, due, leavers, let_leavers_go
from client.laptop.storage.opening import is_damaged
from client.vaults.cabinet import Cabinet
from client.vaults.secrets import pin
from sync_server.people.leaving import tell_of_leaving, tell_of_return
from sync_server.records.own_journal import OwnJournal
from tests.support.byte_search import Search, Secret
from tests.support.clock import TurnableClock
from tests.support.server import School

ANNA, BOLAT, SAULE = "Анна Жұмабаева", "Болат", "Сәуле"
DAY_MS = 24 * 3_600_000
PIN = pin("2580")
SECRET_WORDS = ("Көгершін-7431", "Тұлпар-5520")


@pytest.fixture
def clock():
    return TurnableClock(step_ms=1)


@pytest.fixture
def school(tmp_path, clock):
    made = School(tmp_path / "server", clock)
    yield made
    made.close()


class Desk:
    """Laptops of a school whose clocks all go together."""

    def __init__(self, tmp_path, school, clock):
        self.tmp_path, self.school, self.clock = tmp_path, school, clock
        self.opened = []

    def laptop(self, name, students=(), teachers=()):
        laptop = self.open(name)
        laptop.enrol("http://school", str(self.school.code(students, teachers).code))
        laptop.sync()
        return laptop

    def open(self, name):
        reach = lambda _: self.school.road()  # noqa: E731
        laptop = Laptop.open(self.tmp_path / name, clock=self.clock, reach=reach)
        self.opened.append(laptop)
        return laptop

    def leaves(self, person, back=False):
        say = tell_of_return if back else tell_of_leaving
        with self.school.store.transaction() as transaction:
            own = self.school.identity.public.device_id
            say(transaction, OwnJournal(transaction, own, self.clock), person.id)


@pytest.fixture
def desk(tmp_path, school, clock):
    made = Desk(tmp_path, school, clock)
    yield made
    for laptop in made.opened:
        laptop.close()


def named(laptop, name):
    return next(one for one in laptop.people() if one.name == name)


def hand_in(laptop, person, answer, task="check"):
    return laptop.hand_in(person.id, "algebra", "meaning", task, {"q": answer}, "kk")


@pytest.fixture
def shared(desk):
    """A laptop of two pupils with work, drafts, progress and a mark; Anna has a vault."""
    laptop = desk.laptop("shared", [ANNA, BOLAT])
    teacher = desk.laptop("teacher", (), [SAULE])
    anna, bolat = named(laptop, ANNA), named(laptop, BOLAT)
    hand_in(laptop, anna, SECRET_WORDS[0])
    hand_in(laptop, bolat, "мен")
    laptop.save_draft(anna.id, "algebra", "meaning", "more", {"q": SECRET_WORDS[1]})
    laptop.save_progress(anna.id, "algebra", "meaning", 10.0, True)
    laptop.sync()
    teacher.sync()
    for work in teacher.class_work(teacher.people()[0].id).unmarked:
        teacher.give_mark(teacher.people()[0].id, work.id, 1, f"Жарайсың {work.person}")
    teacher.sync()
    laptop.sync()
    laptop.vaults.create(anna.id, PIN)
    return laptop, teacher, anna, bolat


def find_words(folder, words):
    search = Search(Secret(word, word) for word in words)
    return {find.what for find in search.folder(folder)}


def pass_days(desk, days):
    desk.clock.time_ms += days * DAY_MS


def test_all_of_a_leaver_goes_after_the_grace_time_and_nothing_of_anybody_else(desk, shared):
    laptop, _, anna, bolat = shared
    before = laptop.works(bolat.id)
    desk.leaves(anna)
    laptop.sync()
    assert [one.person for one in leavers(laptop.store)] == [anna.id] and due(laptop.store) == ()
    pass_days(desk, 29)
    laptop.sync()
    assert len(laptop.works(anna.id)) == 1, "until then it may have been a mistake"
    pass_days(desk, 2)
    laptop.sync()
    assert [one.id for one in laptop.people()] == [bolat.id]
    assert laptop.works(bolat.id) == before and before[0].mark is not None
    assert not Cabinet(laptop.store.folder).has(anna.id)
    folder = laptop.store.folder
    laptop.close()
    left = [*SECRET_WORDS, ANNA, f"Жарайсың {anna.id}"]
    assert find_words(folder, left) == set()
    assert find_words(folder, [f"Жарайсың {bolat.id}"]) != set()
    assert not is_damaged(folder / "keruen.db")


def test_work_that_the_school_does_not_hold_stays_and_so_does_its_owner(desk, shared):
    laptop, _, anna, _ = shared
    desk.leaves(anna)
    laptop.sync()
    hand_in(laptop, anna, "кеш", task="late")
    pass_days(desk, 40)
    assert due(laptop.store) == () and let_leavers_go(laptop.store) == ()
    assert len(laptop.works(anna.id)) == 2
    laptop.sync()
    assert laptop.status().waiting == 0
    assert len(laptop.works(anna.id)) == 2, "the receipt is of today"
    pass_days(desk, 31)
    laptop.sync()
    assert anna.id not in {one.id for one in laptop.people()}


def test_who_comes_back_in_time_keeps_everything(desk, shared):
    laptop, _, anna, _ = shared
    desk.leaves(anna)
    laptop.sync()
    pass_days(desk, 10)
    desk.leaves(anna, back=True)
    pass_days(desk, 60)
    laptop.sync()
    assert leavers(laptop.store) == () and len(laptop.works(anna.id)) == 1


def test_a_teacher_sees_them_no_more_and_lets_go_of_what_they_wrote(desk, shared):
    _, teacher, anna, bolat = shared
    saule = teacher.people()[0]
    desk.leaves(anna)
    teacher.sync()
    assert [row.student.id for row in teacher.class_work(saule.id).rows] == [bolat.id]
    pass_days(desk, 31)
    teacher.sync()
    folder = teacher.store.folder
    teacher.close()
    assert find_words(folder, [SECRET_WORDS[0], ANNA, f"Жарайсың {anna.id}"]) == set()
    assert find_words(folder, [f"Жарайсың {bolat.id}"]) != set()


def test_a_laptop_that_branched_lets_go_of_it_in_every_journal(desk, shared):
    laptop, _, anna, bolat = shared
    laptop.close()
    shutil.copytree(desk.tmp_path / "shared", desk.tmp_path / "clone")
    first, clone = desk.open("shared"), desk.open("clone")
    hand_in(first, bolat, "бір")
    clone.vaults.open(anna.id, PIN)
    hand_in(clone, anna, SECRET_WORDS[1], task="two")
    first.sync()
    assert clone.sync().notice is not None
    desk.leaves(anna)
    clone.sync()
    pass_days(desk, 31)
    clone.sync()
    clone.close()
    folder = desk.tmp_path / "clone"
    assert find_words(folder, [*SECRET_WORDS, ANNA]) == set()
    assert not is_damaged(folder / "keruen.db"), "emptied places are no damage"
    again = desk.open("clone")
    again.sync()
    again.sync()
    assert again.status().waiting == 0 and [one.id for one in again.people()] == [bolat.id]
    again.close()
    assert find_words(folder, [*SECRET_WORDS]) == set(), "nothing is carried over again"


def test_a_crash_at_any_step_is_followed_by_the_rest(desk, shared, monkeypatch):
    laptop, _, anna, bolat = shared
    desk.leaves(anna)
    laptop.sync()
    pass_days(desk, 31)

    class Crash(BaseException):
        pass

    def crash(*_):
        raise Crash

    store = laptop.store
    for place, name in (
        (module, "_drop_arrived"),
        (type(store), "keep_membership"),
        (Cabinet, "remove"),
    ):
        with monkeypatch.context() as patch, pytest.raises(Crash):
            patch.setattr(place, name, crash)
            let_leavers_go(store)
        desk.clock.time_ms += 1000
    assert let_leavers_go(store) == (anna.id,)
    assert [one.id for one in laptop.people()] == [bolat.id]
    assert not Cabinet(store.folder).has(anna.id)
    assert let_leavers_go(store) == ()


def test_who_came_back_after_a_crash_keeps_what_is_left(desk, shared, monkeypatch):
    laptop, _, anna, _ = shared
    desk.leaves(anna)
    laptop.sync()
    pass_days(desk, 31)

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module, "let_go", crash)
        let_leavers_go(laptop.store)
    desk.leaves(anna, back=True)
    laptop.sync()
    assert let_leavers_go(laptop.store) == ()
    assert len(laptop.works(anna.id)) == 1


def test_the_grace_time_is_at_least_that_of_a_backup(desk):
    assert GRACE_MS >= 30 * DAY_MS


def test_that_somebody_left_is_known_though_the_roster_is_locked(desk, shared):
    laptop, _, anna, _ = shared
    desk.leaves(anna)
    laptop.sync()
    with laptop.store.database.transaction() as connection:
        connection.execute("UPDATE sync_inbox SET body = x'01' WHERE kind = 'roster'")
    assert [one.person for one in leavers(laptop.store)] == [anna.id]
    desk.clock.time_ms += DAY_MS
    desk.leaves(anna, back=True)
    laptop.sync()
    assert leavers(laptop.store) == ()


def test_an_older_word_that_comes_late_counts_no_more(desk, shared):
    laptop, _, anna, _ = shared
    desk.leaves(anna)
    desk.clock.time_ms += DAY_MS
    desk.leaves(anna, back=True)
    laptop.sync()
    said = [one for one in laptop.store.inbox().of_kind("roster") if one.person == anna.id]
    with laptop.store.database.transaction() as connection:
        connection.execute("DELETE FROM sync_inbox WHERE kind = 'roster'")
    module.note_rosters(laptop.store, [one for one in said if one.body.get("left")])
    assert leavers(laptop.store) == ()
