"""Visits of sticks: what laptops left comes in, what they wait for goes along."""

from __future__ import annotations

import contextlib
import random
import sqlite3

import pytest

from sync.attachments.offer import OfferRequest
from sync.enrolment import EnrolmentCode, code_keys, open_invitation
from sync.exchanges.dialogue import Parties
from sync.identity import device_id_bytes
from sync.sticks.correspondence import apply_reply, write_letter
from sync.sticks.layout import MARKER, ReplyName, box_name, school_name
from sync.sticks.mailbox import Mailbox
from sync.sticks.marker import Marker
from sync_server.people.codes import withdraw_code
from sync_server.sticks.visiting import Visitor
from tests.support.attachments import hand_in, photo
from tests.support.device import TestDevice
from tests.support.server_letters import request_message, up_letter
from tests.support.stick_volume import MemoryVolume


@pytest.fixture
def visitor(school):
    return Visitor(school.folder, school.store, school.identity, school.clock)


@pytest.fixture
def stick():
    return MemoryVolume()


@pytest.fixture
def pupil(enrolled):
    return enrolled(students=["Айгерім"])


@pytest.fixture
def teacher(enrolled):
    return enrolled(teachers=["Гүлнар"])


def mailbox(school, volume):
    return Mailbox(volume, school_name(school.identity.public.id_bytes))


def box(school, device):
    return box_name(school.identity.public.id_bytes, device_id_bytes(device.id))


def parties(device):
    return Parties(device.db, device.identity, device.server, device.journal, device.inbox)


def leave(school, volume, device, clock, photos=(), wanted=()):
    """Lay down a letter of the device's."""
    offer = OfferRequest(tuple(one.offer for one in photos), tuple(wanted))
    offer = offer if photos or wanted else None
    written = write_letter(parties(device), {}, clock, offer=offer)
    mail = mailbox(school, volume)
    for one in photos:
        mail.put_file(one.name, [one.sealed])
    return mail.put_up(box(school, device), written.up)


def collect(school, volume, device, clock):
    """Apply all replies to the device, and remove them."""
    mail = mailbox(school, volume)
    applied = []
    for name in mail.replies(box(school, device)):
        applied.append(apply_reply(parties(device), mail.read_down(name), clock))
        mail.remove_down(name)
    return applied


def test_a_letter_is_taken_and_its_reply_lies_there_before_it_goes(
    school, visitor, stick, pupil, clock
):
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    visit = visitor.visit(stick)
    assert (visit.letters, visit.laptops, visit.replies, visit.problem) == (1, 1, 1, "")
    assert visit.safe
    assert list(mailbox(school, stick).up_letters()) == []
    (applied,) = collect(school, stick, pupil, clock)
    assert applied.ours
    assert pupil.journal.last_receipt().seq == 1


def test_the_answer_to_one_stick_lies_on_every_other(school, visitor, pupil, teacher, clock, road):
    first, second = MemoryVolume(), MemoryVolume()
    work = pupil.hand_in(pupil.person("Айгерім"))
    leave(school, first, pupil, clock)
    visitor.visit(first)
    teacher.exchange_all(road)
    teacher.mark(teacher.person("Гүлнар"), pupil.person("Айгерім"), work)
    teacher.exchange_all(road)
    assert visitor.visit(second).replies == 1
    (applied,) = collect(school, second, pupil, clock)
    assert pupil.journal.last_receipt().seq == 1
    came = [record.kind for outcome in applied.outcomes for record in outcome.records]
    assert "mark" in came
    # The first one hears of the mark as well, and then of nothing any more.
    assert visitor.visit(first).replies == 1
    assert visitor.visit(first).replies == 0
    assert visitor.visit(second).replies == 1
    assert len(mailbox(school, first).replies()) == 1


def test_a_reply_lies_in_the_laptops_box_whatever_its_letter_was_called(
    school, visitor, stick, pupil, clock
):
    pupil.hand_in(pupil.person("Айгерім"))
    letter = write_letter(parties(pupil), {}, clock)
    mail = mailbox(school, stick)
    mail.put_up("0" * 16, letter.up)
    assert visitor.visit(stick).letters == 1
    assert list(mail.up_letters()) == []
    assert [name.box for name in mail.replies()] == [box(school, pupil)]


def test_a_stick_with_nothing_new_is_not_written(school, visitor, stick, pupil, clock):
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    visitor.visit(stick)
    before = stick.files()
    visit = visitor.visit(stick)
    assert (visit.letters, visit.replies) == (0, 0)
    assert stick.files() == before


def test_a_damaged_reply_is_written_again(school, visitor, stick, pupil, clock):
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    visitor.visit(stick)
    (path,) = [path for path in stick.files() if "/down/" in path]
    stick.flip(path, 30)
    visit = visitor.visit(stick)
    assert visit.replies == 1
    assert visit.damaged == (path,)
    collect(school, stick, pupil, clock)
    assert pupil.journal.last_receipt().seq == 1


def test_one_bad_letter_keeps_no_other_from_coming_in(school, visitor, stick, pupil, clock):
    pupil.hand_in(pupil.person("Айгерім"))
    name = leave(school, stick, pupil, clock)
    mail = mailbox(school, stick)
    bad = mail.put_up("0" * 16, up_letter(b"no message"))
    stick.put(f"mail/{mail.school}/up/{'1' * 16}-{'2' * 16}", b"no letter at all")
    visit = visitor.visit(stick)
    assert visit.letters == 1
    assert set(visit.problems) == {str(bad), f"{'1' * 16}-{'2' * 16}"}
    # What cannot be judged stays, what is damaged goes.
    assert list(mail.up_letters()) == [bad]
    assert name not in mail.up_letters()
    assert len(visit.damaged) == 1
    assert [reply.box for reply in mail.replies()] == [name.box]
    again = visitor.visit(stick)
    assert (again.letters, again.replies, again.damaged) == (0, 0, ())


def test_a_laptop_that_the_server_forgot_hears_so_and_its_letter_stays(
    school, visitor, stick, clock
):
    stranger = TestDevice(server=school.identity.public)
    stranger.hand_in("somebody")
    name = leave(school, stick, stranger, clock)
    visit = visitor.visit(stick)
    assert (visit.letters, visit.replies, visit.problems) == (0, 1, {str(name): "device-unknown"})
    assert list(mailbox(school, stick).up_letters()) == [name]
    assert visitor.visit(stick).replies == 0
    (applied,) = collect(school, stick, stranger, clock)
    assert applied.refused == 1
    stranger.close()


def test_wherever_the_servers_own_disk_fails_the_next_visit_goes_on(
    school, visitor, pupil, clock, monkeypatch
):
    picture = photo(school.identity.public, 3_000)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    stick = MemoryVolume()
    leave(school, stick, pupil, clock, [picture])
    fail_at, whole = 0, False
    while not whole:
        fail_at += 1
        whole = not _visit_fails_at(visitor, stick, monkeypatch, fail_at)
        with school.store.transaction() as transaction:
            end = transaction.journal_end(pupil.id)
        # A letter leaves the stick only after all that it brought is here.
        assert end is not None or len(list(mailbox(school, stick).up_letters())) == 1
    assert fail_at > 8
    (applied,) = collect(school, stick, pupil, clock)
    assert pupil.journal.last_receipt().seq == 1
    assert len(applied.files[0][2].receipt) == 72


def _visit_fails_at(visitor, stick, monkeypatch, number):
    """Let the transaction of this number fail as it commits; tell whether it came to that."""
    real, count = visitor.store._begun, iter(range(1, 10_000))

    @contextlib.contextmanager
    def failing():
        with real():
            yield
            if next(count) == number:
                raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(visitor.store, "_begun", failing)
        try:
            visitor.visit(stick)
        except sqlite3.OperationalError:
            return True
    return False


def test_a_stick_that_cannot_be_written_is_read_all_the_same(school, visitor, stick, pupil, clock):
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    before = stick.files()
    stick.make_read_only()
    visit = visitor.visit(stick)
    assert (visit.letters, visit.replies, visit.problem) == (1, 0, "stick-read-only")
    assert stick.files() == before
    other = MemoryVolume()
    visitor.visit(other)
    collect(school, other, pupil, clock)
    assert pupil.journal.last_receipt().seq == 1


def test_on_a_full_stick_a_letter_makes_room_for_its_reply(
    school, visitor, stick, pupil, clock, road
):
    visitor.visit(stick)
    pupil.exchange_all(road)
    pupil.hand_in(pupil.person("Айгерім"), answer="a long answer, and no short reply to it")
    leave(school, stick, pupil, clock)
    stick.medium.capacity_bytes = sum(len(data) for data in stick.files().values())
    visit = visitor.visit(stick)
    assert (visit.letters, visit.replies, visit.problem) == (1, 1, "")
    collect(school, stick, pupil, clock)
    assert pupil.journal.last_receipt().seq == 1


def test_where_nothing_fits_all_is_read_and_told_by_another_stick(school, visitor, pupil, clock):
    stick, other = MemoryVolume(), MemoryVolume()
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    stick.medium.capacity_bytes = 0
    visit = visitor.visit(stick)
    assert (visit.letters, visit.replies, visit.problem) == (1, 0, "stick-full")
    visitor.visit(other)
    collect(school, other, pupil, clock)
    assert pupil.journal.last_receipt().seq == 1


def test_photos_come_in_with_their_letter_and_leave_the_stick(school, visitor, stick, pupil, clock):
    picture = photo(school.identity.public)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    leave(school, stick, pupil, clock, [picture])
    visit = visitor.visit(stick)
    assert (visit.files_taken, visit.problem, visit.problems) == (1, "", {})
    (applied,) = collect(school, stick, pupil, clock)
    ((name, size_bytes, reply),) = applied.files
    assert (name, size_bytes, len(reply.receipt)) == (picture.name, len(picture.sealed), 72)
    assert list(mailbox(school, stick).files()) == []
    assert (school.folder.attachments / picture.name[:2] / picture.name).read_bytes() == (
        picture.sealed
    )


def test_a_photo_may_come_on_another_stick_than_its_letter(school, visitor, pupil, clock):
    first, second = MemoryVolume(), MemoryVolume()
    picture = photo(school.identity.public)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    leave(school, first, pupil, clock, [picture])
    mailbox(school, second).put_file(picture.name, [picture.sealed])
    mailbox(school, first).remove_file(picture.name)
    # Before its record is known, nobody says that it is wanted.
    visit = visitor.visit(second)
    assert visit.problems == {picture.name: "attachment-unnamed"}
    visitor.visit(first)
    assert visitor.visit(second).files_taken == 1
    (applied,) = collect(school, second, pupil, clock)
    assert len(applied.files[0][2].receipt) == 72


def test_a_damaged_photo_is_removed_and_asked_for_again(school, visitor, stick, pupil, clock):
    picture = photo(school.identity.public)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    leave(school, stick, pupil, clock, [picture])
    (path,) = [path for path in stick.files() if "/files/" in path]
    stick.flip(path, 1000)
    visit = visitor.visit(stick)
    assert visit.files_taken == 0
    assert visit.damaged == (path,)
    (applied,) = collect(school, stick, pupil, clock)
    assert applied.files[0][2].offset_bytes == 0
    assert not (school.folder.attachments / picture.name[:2] / picture.name).exists()


def test_a_teacher_gets_the_photo_that_came_by_stick(school, visitor, pupil, teacher, clock):
    first, second = MemoryVolume(), MemoryVolume()
    picture = photo(school.identity.public)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    leave(school, first, pupil, clock, [picture])
    leave(school, second, teacher, clock, wanted=[picture.name])
    visitor.visit(first)
    visit = visitor.visit(second)
    assert visit.files_given == 1
    mail = mailbox(school, second)
    with mail.open_file(picture.name) as file:
        assert file.read() == picture.sealed
    (applied,) = collect(school, second, teacher, clock)
    assert applied.wanted == ((picture.name, True),)
    assert visitor.visit(second).files_given == 0


def test_open_codes_lie_there_as_invitations(school, visitor, stick):
    issued = school.code(students=["Айгерім"])
    assert visitor.visit(stick).invitations == 1
    keys = code_keys(EnrolmentCode.parse(str(issued.code)))
    mail = mailbox(school, stick)
    found = open_invitation(keys, mail.read_invitation(issued.id))
    assert (found.server, found.people) == (school.identity.public, issued.people)
    assert visitor.visit(stick).invitations == 0
    stick.put(f"mail/{mail.school}/invitations/{issued.id}", b"damaged")
    assert visitor.visit(stick).invitations == 1
    withdraw_code(school.store, issued.id)
    visitor.visit(stick)
    assert mail.invitations() == ()


def test_a_newer_stick_is_left_as_it_is(school, visitor, stick, pupil, clock):
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    stick.put(MARKER, Marker("0" * 32, 2).to_bytes())
    before = stick.files()
    visit = visitor.visit(stick)
    assert (visit.letters, visit.problem) == (0, "stick-newer")
    assert stick.files() == before


def test_another_schools_letters_are_left_alone(school, visitor, stick, pupil):
    other = Mailbox(stick, "0" * 16)
    name = other.put_up("1" * 16, up_letter(request_message(pupil)))
    visit = visitor.visit(stick)
    assert (visit.letters, visit.other_schools) == (0, 1)
    assert list(other.up_letters()) == [name]


def test_a_restored_server_goes_on_after_the_sticks_numbers(school, visitor, stick, pupil, clock):
    mail = mailbox(school, stick)
    mail.put_down(ReplyName(box(school, pupil), "0" * 16, 40), b"of days that the server forgot")
    mail.put_down(ReplyName(box(school, pupil), "1" * 16, 99_999_999), b"of somebody else")
    pupil.hand_in(pupil.person("Айгерім"))
    leave(school, stick, pupil, clock)
    visitor.visit(stick)
    assert 41 in [name.number for name in mail.replies(box(school, pupil))]


@pytest.mark.parametrize("seed", range(12))
def test_pulled_out_at_any_moment_nothing_is_lost(school, visitor, pupil, clock, seed):
    chance = random.Random(seed)
    stick = MemoryVolume()
    picture = photo(school.identity.public, 5_000)
    hand_in(pupil, pupil.person("Айгерім"), [picture])
    leave(school, stick, pupil, clock, [picture])
    stick.fail_at(stick.steps + chance.randint(1, 60))
    visit = visitor.visit(stick)
    stick.pull(chance, torn_folders=seed % 2 == 0)
    last = visitor.visit(stick)
    assert last.problem == ""
    if not visit.letters and not last.letters:
        # The medium lost the letter itself: the laptop leaves it again.
        leave(school, stick, pupil, clock, [picture])
        visitor.visit(stick)
    collect(school, stick, pupil, clock)
    with school.store.transaction() as transaction:
        held = transaction.journal_end(pupil.id)
    assert held is None or pupil.journal.last_receipt().seq == held.seq == 1
