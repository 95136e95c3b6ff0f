from __future__ import annotations

import pytest

from client.laptop.laptop import Laptop
from client.laptop.schoolwork.works import Station
from client.laptop.sticks.visit import visit
from sync.errors import LinkError
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.attachment_road import MemoryAttachments
from tests.support.attachments import some_bytes
from tests.support.pack_source import PACK, RIGHT_ANSWERS
from tests.support.school import ADDRESS
from tests.support.stick_post import answer_letters, letter_service, mailbox
from tests.support.stick_volume import MemoryVolume


@pytest.fixture
def laptops(tmp_path, school, road, clock):
    made = []

    def make(name, students=(), teachers=()):
        laptop = Laptop.open(tmp_path / name, clock, road)
        laptop.enrol(ADDRESS, school.code(students, teachers))
        made.append(laptop)
        return laptop

    yield make
    for laptop in made:
        laptop.close()


@pytest.fixture
def post(school, road):
    """Let the road carry letters, and count them."""
    service, posted = letter_service(school), []

    def letter(data):
        posted.append(data)
        found = service.post(data)
        return found.letter, found.number

    road.letter = letter
    return posted


class Folders:
    """A school under the names by which `MemoryAttachments` knows it."""

    def __init__(self, school):
        self.store, self.identity, self.clock = school.store, school.identity, school.clock
        self.folder = school.data


def hand_in(laptop, task="check"):
    pupil = laptop.people()[0].id
    laptop.hand_in(pupil, PACK, "meaning", task, RIGHT_ANSWERS, "kk")


def station(laptop):
    return laptop.works(laptop.people()[0].id)[0].station


def test_a_teacher_with_a_link_takes_a_pupils_work_to_school(laptops, school, post):
    pupil, teacher = laptops("pupil", STUDENTS[:1]), laptops("teacher", (), (TEACHER,))
    stick = MemoryVolume()
    hand_in(pupil)
    visit(pupil, stick)
    account = visit(teacher, stick)
    assert (account.letters_taken, account.letters_given) == (2, 0)
    synced = teacher.sync()
    assert (synced.problem, synced.letters_posted) == (None, 1)
    assert len(school.submissions()) == 1
    assert teacher.sync().letters_posted == 0
    assert visit(teacher, stick).letters_given == 1
    assert visit(pupil, stick).works_arrived == 1
    assert station(pupil) is Station.SCHOOL
    assert len(post) == 1


def test_a_letter_goes_on_with_whichever_stick_comes_to_the_school_first(laptops, school):
    pupil, teacher = laptops("pupil", STUDENTS[:1]), laptops("teacher", (), (TEACHER,))
    slow, fast = MemoryVolume(), MemoryVolume()
    hand_in(pupil)
    visit(pupil, slow)
    visit(teacher, slow)
    visit(teacher, fast)
    answer_letters(school, fast)
    assert len(school.submissions()) == 1
    visit(teacher, fast)
    visit(teacher, slow)
    assert visit(pupil, slow).works_arrived == 1
    answer_letters(school, slow)
    assert len(school.submissions()) == 1, "the same letter twice is one work"


def test_a_pupils_laptop_carries_nobodys_letters(laptops):
    pupil, other = laptops("pupil", STUDENTS[:1]), laptops("other", STUDENTS[1:])
    stick = MemoryVolume()
    hand_in(pupil)
    visit(pupil, stick)
    assert visit(other, stick).letters_taken == 0
    assert not (other.store.folder / "bag").exists()


def test_the_teachers_own_letters_are_not_carried_to_itself(laptops, school):
    teacher = laptops("teacher", (), (TEACHER,))
    one, two = MemoryVolume(), MemoryVolume()
    for stick in (one, two, one, two):
        assert visit(teacher, stick).letters_taken == 0
    assert len(list(mailbox(school, two).up_letters())) == 1


def test_a_link_that_breaks_keeps_the_letters(laptops, school, road, post):
    pupil, teacher = laptops("pupil", STUDENTS[:1]), laptops("teacher", (), (TEACHER,))
    stick = MemoryVolume()
    hand_in(pupil)
    visit(pupil, stick)
    visit(teacher, stick)
    works, road.letter = road.letter, lambda data: (_ for _ in ()).throw(LinkError("link-lost"))
    assert teacher.sync().problem.code == "link-lost"
    road.letter = works
    assert teacher.sync().letters_posted == 1
    assert len(school.submissions()) == 1


def test_a_letter_that_was_damaged_in_the_bag_is_put_aside_and_comes_again(laptops, school, post):
    pupil, teacher = laptops("pupil", STUDENTS[:1]), laptops("teacher", (), (TEACHER,))
    stick = MemoryVolume()
    hand_in(pupil)
    visit(pupil, stick)
    visit(teacher, stick)
    (letter,) = (teacher.store.folder / "bag").rglob("up/*")
    whole = letter.read_bytes()
    letter.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    account = teacher.sync()
    assert account.letters_posted == 0
    assert [one.code for one in account.set_aside] == ["stick-damaged"]
    visit(teacher, stick)
    assert teacher.sync().letters_posted == 1
    assert len(school.submissions()) == 1


def test_a_teacher_with_a_link_takes_a_pupils_photo_along(tmp_path, laptops, school, road, post):
    pupil, teacher = laptops("pupil", STUDENTS[:1]), laptops("teacher", (), (TEACHER,))
    stick, path = MemoryVolume(), tmp_path / "Жауап.m4a"
    path.write_bytes(b"\0\0\0\x18ftypM4A " + some_bytes(150_000))
    file = pupil.attach(path)
    person = pupil.people()[0].id
    work = pupil.hand_in(person, PACK, "meaning", "check", {"page": [file.name]}, "kk")
    visit(pupil, stick)
    visit(teacher, stick)
    files = MemoryAttachments(Folders(school))
    road.attachments, road.offer = files, files.offer
    assert teacher.sync().problem is None, "the letter goes, and then the file that it names"
    assert files.carried > 150_000
    teacher.sync()
    assert teacher.work_file_bytes(work.id, file.name) == path.read_bytes()
    offers = len(files.offers)
    teacher.sync()
    assert len(files.offers) == offers, "what the school has is not offered again"
    visit(teacher, stick)
    visit(pupil, stick)
    assert station(pupil) is Station.SCHOOL
