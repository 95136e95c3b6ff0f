"""A laptop whose data were set back is told what came back, over the network and by stick."""

from __future__ import annotations

import shutil

import pytest

from client.laptop.laptop import Laptop
from client.laptop.machine.recovering import NOTICE_MS, last_notice
from client.laptop.sticks.visit import visit
from client.messages import LANGUAGES, Message, Messages
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS
from tests.support.stick_post import answer_letters
from tests.support.stick_volume import MemoryVolume


class Machine:
    """A laptop whose disk can be kept and set back."""

    def __init__(self, folder, school, road, clock):
        self.folder, self.image = folder / "laptop", folder / "image"
        self._clock, self._road = clock, road
        self._open()
        self.laptop.enrol(ADDRESS, school.code(STUDENTS, (TEACHER,)))

    def _open(self):
        self.laptop = Laptop.open(self.folder, self._clock, self._road)

    def keep(self):
        self.laptop.close()
        shutil.copytree(self.folder, self.image)
        self._open()

    def set_back(self):
        self.laptop.close()
        shutil.rmtree(self.folder)
        shutil.copytree(self.image, self.folder)
        self._open()

    def hand_in(self, task):
        pupil = self.laptop.people()[0].id
        return self.laptop.hand_in(pupil, PACK, "meaning", task, RIGHT_ANSWERS, "kk")

    def tasks(self):
        return sorted(work.task for work in self.laptop.works(self.laptop.people()[0].id))

    def last_notice(self):
        return last_notice(self.laptop.store)


@pytest.fixture
def machine(tmp_path, school, road, clock):
    made = Machine(tmp_path, school, road, clock)
    made.laptop.sync()
    made.keep()
    yield made
    made.laptop.close()


def set_back(works):
    return Message("status.set-back", {"n": works})


def test_what_the_school_had_comes_back_and_is_counted(machine):
    machine.hand_in("one")
    machine.hand_in("two")
    machine.laptop.sync()
    machine.hand_in("never left")
    machine.set_back()
    account = machine.laptop.sync()
    assert account.notice == set_back(2)
    assert machine.tasks() == ["one", "two"]
    assert machine.laptop.status().notice == account.notice
    assert machine.laptop.sync().notice is None


def test_one_that_went_on_before_it_heard_of_it_may_be_a_copy_as_well(machine):
    machine.hand_in("one")
    machine.laptop.sync()
    machine.set_back()
    machine.hand_in("two")
    assert machine.laptop.sync().notice == Message("status.copied-or-set-back", {"n": 1})
    assert machine.tasks() == ["one", "two"]


def test_nothing_is_said_where_nothing_is_known(machine):
    machine.hand_in("never left")
    machine.set_back()
    assert machine.laptop.sync().notice is None
    assert machine.laptop.status().notice is None


def test_its_own_letter_brings_back_what_no_server_has(machine, road):
    stick = MemoryVolume()
    road.weather.away = True
    machine.hand_in("one")
    visit(machine.laptop, stick)
    machine.hand_in("never left")
    machine.set_back()
    account = visit(machine.laptop, stick)
    assert account.notice == set_back(1)
    assert machine.tasks() == ["one"]
    assert machine.last_notice() == account.notice
    assert visit(machine.laptop, stick).notice is None


def test_what_lies_at_the_school_alone_is_promised_and_comes(machine, school, road):
    stick = MemoryVolume()
    machine.hand_in("one")
    machine.laptop.sync()
    machine.hand_in("two")
    road.weather.away = True
    visit(machine.laptop, stick)
    machine.set_back()
    account = visit(machine.laptop, stick)
    assert account.notice == Message("status.set-back-more", {"said": set_back(1)})
    assert machine.last_notice() == account.notice
    assert machine.tasks() == ["two"]
    for _ in range(2):
        answer_letters(school, stick)
        visit(machine.laptop, stick)
    assert machine.tasks() == ["one", "two"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_whole_sentences(language):
    said = Messages(language)
    for works in (1, 3, 11):
        text = said.text(Message("status.set-back-more", {"said": set_back(works)}))
        assert str(works) in text and "{" not in text


def test_it_is_repeated_for_some_days_and_a_damaged_note_does_no_harm(machine, clock):
    machine.hand_in("one")
    machine.laptop.sync()
    machine.set_back()
    machine.laptop.sync()
    assert machine.last_notice() == set_back(1)
    for damaged in ("", "[]", "{", '{"key": 1}', '{"key": "x", "values": 7}'):
        machine.laptop.store.keep_settings({"sync.branched_said": damaged})
        assert machine.last_notice() == Message("status.branched")
    clock.offset_ms += NOTICE_MS + 1000
    assert machine.last_notice() is None
