from __future__ import annotations

import pytest

from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.sticks.visit import visit
from tests.client.laptop.conftest import STUDENTS, TEACHER
from tests.support.attachments import some_bytes
from tests.support.pack_source import PACK
from tests.support.school import ADDRESS
from tests.support.stick_post import answer_letters, mailbox, take_files
from tests.support.stick_volume import MemoryVolume

PAGES = 150_000


@pytest.fixture
def stick():
    return MemoryVolume()


@pytest.fixture
def pupil(tmp_path, school, road, clock):
    laptop = Laptop.open(tmp_path / "pupil", clock, road)
    laptop.enrol(ADDRESS, school.code(STUDENTS))
    yield laptop
    laptop.close()


@pytest.fixture
def teacher(tmp_path, school, road, clock):
    laptop = Laptop.open(tmp_path / "teacher", clock, road)
    laptop.enrol(ADDRESS, school.code((), (TEACHER,)))
    yield laptop
    laptop.close()


@pytest.fixture
def handed_in(tmp_path, pupil):
    """A work with a recording in its answer."""
    path = tmp_path / "Жауап.m4a"
    path.write_bytes(b"\0\0\0\x18ftypM4A " + some_bytes(PAGES))
    file = pupil.attach(path)
    person = pupil.people()[0].id
    work = pupil.hand_in(person, PACK, "meaning", "check", {"page": [file.name]}, "kk")
    return file, work, path.read_bytes()


def files_on(stick):
    return [path for path in stick.files() if "/files/" in path]


def test_a_file_goes_to_school_and_to_the_teacher_by_stick(
    pupil, teacher, school, stick, handed_in
):
    file, work, plain = handed_in
    account = visit(pupil, stick)
    assert (account.works_left, account.files_left) == (1, 1)
    assert len(files_on(stick)) == 1
    assert visit(pupil, stick).files_left == 0, "it lies there already"
    take_files(school, stick)
    answer_letters(school, stick)
    visit(pupil, stick)
    assert pupil.attached(file.name).held, "the server has said that it has the file"
    visit(teacher, stick)  # tells that the teacher is there
    answer_letters(school, stick)
    account = visit(teacher, stick)
    assert account.records_received > 0
    assert account.files_came == 1, "it lay on the stick, so nobody need ask for it"
    assert teacher.work_file_bytes(work.id, file.name) == plain


def test_a_damaged_file_is_not_used_and_leaves_the_stick(pupil, teacher, school, stick, handed_in):
    file, work, plain = handed_in
    visit(pupil, stick)
    take_files(school, stick)
    answer_letters(school, stick)
    visit(teacher, MemoryVolume())  # before this stick, so that its bag is empty
    (path,) = files_on(stick)
    stick.flip(path, 100_000)
    visit(teacher, stick)
    answer_letters(school, stick)
    account = visit(teacher, stick)
    assert account.files_came == 0
    with pytest.raises(LaptopError) as caught:
        teacher.work_file_bytes(work.id, file.name)
    assert caught.value.code == "attachment-missing"
    assert files_on(stick) == []
    whole = next(school.data.attachments.rglob(path[-64:])).read_bytes()
    mailbox(school, stick).put_file(path[-64:], [whole])
    assert visit(teacher, stick).files_came == 1
    assert teacher.work_file_bytes(work.id, file.name) == plain


def test_a_file_that_came_before_its_record_is_taken_from_the_bag(
    pupil, teacher, school, stick, handed_in
):
    file, work, plain = handed_in
    visit(pupil, stick)
    visit(teacher, stick)
    take_files(school, stick)
    answer_letters(school, stick)
    for path in files_on(stick):
        stick.remove(path)
    visit(teacher, stick)
    answer_letters(school, stick)
    assert visit(teacher, stick).files_came <= 1
    assert teacher.work_file_bytes(work.id, file.name) == plain


def test_a_full_stick_takes_the_letter_and_leaves_the_file(pupil, stick, handed_in):
    visit(pupil, MemoryVolume())
    stick.medium.capacity_bytes = 40_000
    account = visit(pupil, stick)
    assert account.problem.code == "stick-full"
    assert account.works_left == 1
    assert files_on(stick) == []
    stick.medium.capacity_bytes = 1 << 30
    assert visit(pupil, stick).files_left == 1
