"""Attached files at the server: gone on with at any byte, verified, and only for those who may."""

from __future__ import annotations

import errno
import os
import random

import pytest

from sync.attachments.attachment import SEGMENT_BYTES
from sync.attachments.offer import Declined, GoOn, Held, OfferRequest, open_attachment_receipt
from sync.message import Kind, make_message
from sync_server.app import create_app
from sync_server.attachments import uploads
from sync_server.attachments.uploads import AttachmentFiles
from sync_server.backups.making import back_up
from sync_server.backups.restoring import Backup, restore
from sync_server.data_folder import DataFolder
from tests.support.asgi import AsgiClient
from tests.support.attachments import AttachmentCaller, hand_in, photo
from tests.support.device import TestDevice
from tests.support.records import identity
from tests.support.server import open_school


class Class7A:
    """A server with its application, a pupil's laptop, a classmate's, the teacher's, a stranger."""

    def __init__(self, root):
        self.root = root
        self.school_context = open_school(root)
        self.school = self.school_context.__enter__()
        self.road = self.school.road()
        self.server = self.school.identity.public
        self.client = AsgiClient(create_app(root))
        self.pupil = self.device("Айгерім")
        self.classmate = self.device("Нұрлан")
        self.teacher = self.device("Сәуле", teacher=True)

    def device(self, name, teacher=False, class_name="7А"):
        names = ([], [name]) if teacher else ([name], [])
        device = TestDevice()
        device.enrol(self.road, str(self.school.code(*names, class_name).code))
        return device

    def caller(self, device):
        return AttachmentCaller(self.client, device.identity, self.server)

    def handed_in(self, *photos):
        hand_in(self.pupil, self.pupil.people[0].id, photos)
        self.pupil.exchange_all(self.road)
        return self.caller(self.pupil)

    def restart(self):
        self.client.close()
        self.client = AsgiClient(create_app(self.root))
        return self.caller(self.pupil)

    @property
    def files(self):
        return AttachmentFiles(self.root / "attachments")

    def close(self):
        self.client.close()
        self.school_context.__exit__(None, None, None)


@pytest.fixture
def school(tmp_path):
    made = Class7A(tmp_path / "server")
    yield made
    made.close()


@pytest.fixture
def page(school):
    return photo(school.server)


def receipt_of(school, one, data):
    return open_attachment_receipt(data, one.name, one.file.size_bytes, school.server)


def sent(school, one):
    caller = school.handed_in(one)
    assert caller.offer([one]).replies == (GoOn(0),)
    answer = caller.patch(one.name, 0, one.sealed)
    assert answer.status == 200, answer
    return caller, answer


def test_a_file_is_taken_kept_receipted_and_given_to_who_may_read_it(school, page):
    caller, answer = sent(school, page)
    receipt_of(school, page, answer.body)
    assert school.files.path(page.name).read_bytes() == page.sealed
    assert list((school.root / "attachments" / "parts").glob("*/*")) == []
    teacher = school.caller(school.teacher)
    assert teacher.offer([], [page.name]).held == (True,)
    for one in (teacher, caller):
        assert one.get(page.name).body == page.sealed
        ranged = one.get(page.name, 70_000)
        assert (ranged.status, ranged.body) == (206, page.sealed[70_000:])


def test_what_is_here_costs_one_small_request_whoever_offers_it(school, page):
    caller, answer = sent(school, page)
    (reply,) = caller.offer([page]).replies
    assert reply == Held(answer.body)
    second = school.device("Айгерім")
    assert [one.id for one in second.people] == [one.id for one in school.pupil.people]
    hand_in(second, second.people[0].id, [page])
    second.exchange_all(school.road)
    assert school.caller(second).offer([page]).replies == (Held(answer.body),)


def test_at_every_cut_it_goes_on_where_it_stopped(school, page):
    caller = school.handed_in(page)
    dice = random.Random(4)
    (reply,) = caller.offer([page]).replies
    start, cuts = reply.offset_bytes, 0
    while start < page.file.size_bytes:
        rest = page.sealed[start:]
        came = dice.randrange(len(rest) + 1) if cuts < 60 else len(rest)
        caller.patch(page.name, start, rest[:came], announced=len(rest), leave=came < len(rest))
        cuts += 1
        answer = caller.head(page.name)
        if answer.status == 200:
            break
        assert int(answer.headers["upload-offset"]) == start + came
        start += came
    assert school.files.path(page.name).read_bytes() == page.sealed


def test_a_lost_last_answer_is_given_again(school, page):
    caller, answer = sent(school, page)
    again = caller.patch(page.name, page.file.size_bytes, b"")
    assert (again.status, again.body) == (200, answer.body)


def test_a_server_killed_before_it_kept_a_complete_file_keeps_it_then(school, page, monkeypatch):
    caller = school.handed_in(page)
    caller.offer([page])
    monkeypatch.setattr(AttachmentFiles, "keep", lambda *_: (_ for _ in ()).throw(SystemError))
    with pytest.raises(SystemError):
        caller.patch(page.name, 0, page.sealed)
    monkeypatch.undo()
    caller = school.restart()
    assert caller.offer([page]).replies == (GoOn(page.file.size_bytes),)
    answer = caller.patch(page.name, page.file.size_bytes, b"")
    receipt_of(school, page, answer.body)


def test_a_server_killed_between_disk_and_store_gives_its_receipt_then(school, page):
    caller = school.handed_in(page)
    path = school.files.path(page.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(page.sealed)
    caller = school.restart()
    (reply,) = caller.offer([page]).replies
    receipt_of(school, page, reply.receipt)


def test_a_file_in_its_place_that_is_not_the_file_is_thrown_away(school, page):
    caller = school.handed_in(page)
    path = school.files.path(page.name)
    path.parent.mkdir(parents=True)
    path.write_bytes(page.sealed[:-1] + b"x")
    assert caller.offer([page]).replies == (GoOn(0),)
    assert not path.exists()


def test_a_wrong_place_is_a_conflict_that_names_the_right_one(school, page):
    caller = school.handed_in(page)
    caller.offer([page])
    caller.patch(page.name, 0, page.sealed[:1000])
    for start in (0, 999, 1001, 90_000):
        answer = caller.patch(page.name, start, page.sealed[start : start + 50])
        assert (answer.status, answer.code) == (409, "link-offset")
        assert answer.headers["upload-offset"] == "1000"


def test_a_flipped_bit_costs_its_piece_and_no_more(school, page):
    caller = school.handed_in(page)
    caller.offer([page])
    bad = bytearray(page.sealed)
    bad[SEGMENT_BYTES + 77] ^= 4
    answer = caller.patch(page.name, 0, bytes(bad))
    assert (answer.status, answer.code) == (409, "link-altered")
    assert answer.headers["upload-offset"] == str(SEGMENT_BYTES)
    rest = caller.patch(page.name, SEGMENT_BYTES, page.sealed[SEGMENT_BYTES:])
    assert rest.status == 200
    assert caller.get(page.name).body == page.sealed


def test_a_piece_that_goes_bad_on_the_disk_is_asked_for_again(school, page):
    caller = school.handed_in(page)
    caller.offer([page])
    caller.patch(page.name, 0, page.sealed[:140_000])
    (part,) = (school.root / "attachments" / "parts").glob("*/*.part")
    data = bytearray(part.read_bytes())
    data[100] ^= 1
    part.write_bytes(data)
    answer = caller.patch(page.name, 140_000, page.sealed[140_000:])
    assert (answer.status, answer.headers["upload-offset"]) == (409, "0")
    assert caller.patch(page.name, 0, page.sealed).status == 200


def test_an_offer_that_lies_about_its_name_ends_with_nothing_kept(school, page):
    other = photo(school.server, seed=2)
    caller = school.handed_in(page)
    lie = type(page)(
        page.plain,
        other.sealed,
        type(page.file)(page.name, page.file.key, page.file.size_bytes, other.file.piece_sha256),
    )
    caller.offer([lie])
    answer = caller.patch(page.name, 0, other.sealed)
    assert (answer.status, answer.code) == (400, "attachment-damaged")
    assert not school.files.path(page.name).exists()
    assert caller.head(page.name).status == 404
    assert caller.offer([page]).replies == (GoOn(0),)
    assert caller.patch(page.name, 0, page.sealed).status == 200


def test_more_than_was_offered_is_refused(school, page):
    caller = school.handed_in(page)
    caller.offer([page])
    answer = caller.patch(page.name, 0, page.sealed + b"x")
    assert (answer.status, answer.code) == (413, "attachment-too-large")
    assert caller.head(page.name).headers["upload-offset"] == "0"


def test_a_file_that_no_record_names_is_not_taken(school, page):
    caller = school.caller(school.pupil)
    assert caller.offer([page]).replies == (Declined("attachment-unnamed"),)
    answer = caller.patch(page.name, 0, page.sealed)
    assert (answer.status, answer.code) == (404, "object-missing")


def test_nobody_else_sends_spoils_or_gets_it(school, page):
    caller = school.handed_in(page)
    caller.offer([page])
    caller.patch(page.name, 0, page.sealed[:1000])
    classmate = school.caller(school.classmate)
    assert classmate.offer([page], [page.name]).replies == (Declined("attachment-unnamed"),)
    assert classmate.patch(page.name, 1000, b"x" * 10).status == 404
    assert classmate.head(page.name).status == 404
    caller.patch(page.name, 1000, page.sealed[1000:])
    assert classmate.get(page.name).status == 404
    assert classmate.offer([page], [page.name]).held == (False,)
    assert classmate.head(page.name).status == 404
    other_teacher = school.caller(school.device("Дана", teacher=True, class_name="8Б"))
    assert other_teacher.get(page.name).status == 404


def test_only_enrolled_devices_are_heard_and_each_signature_serves_once(school, page):
    caller, _ = sent(school, page)
    stranger = AttachmentCaller(school.client, identity("stranger"), school.server)
    answer = stranger.get(page.name)
    assert (answer.status, answer.code) == (403, "device-unknown")
    bare = school.client.request("GET", f"/attachments/{page.name}")
    assert (bare.status, bare.code) == (400, "message-malformed")
    borrowed = [caller.sign("HEAD", page.name)]
    forged = school.client.request("GET", f"/attachments/{page.name}", b"", borrowed)
    assert (forged.status, forged.code) == (403, "message-forged")
    other_range = [caller.sign("GET", page.name, 0), ("Range", "bytes=5-")]
    forged = school.client.request("GET", f"/attachments/{page.name}", b"", other_range)
    assert (forged.status, forged.code) == (403, "message-forged")


def test_an_overheard_request_adds_nothing(school, page):
    caller = school.handed_in(page)
    caller.offer([page])
    caller.patch(page.name, 0, page.sealed[:1000])
    answer = caller.patch(page.name, 0, page.sealed[:1000])
    assert answer.status == 409
    garbage = caller.patch(page.name, 1000, b"x" * (SEGMENT_BYTES - 1000))
    assert (garbage.status, garbage.headers["upload-offset"]) == (409, "0")


def test_quotas(school, page, monkeypatch):
    second = photo(school.server, seed=2)
    caller = school.handed_in(page, second)
    service_bytes = page.file.size_bytes + 10
    monkeypatch.setattr(
        "sync_server.attachments.attachments.AttachmentService.__init__.__defaults__",
        (
            None,
            service_bytes,
        ),
    )
    caller = school.restart()
    assert caller.offer([page, second]).replies == (GoOn(0), Declined("attachment-quota"))
    assert caller.patch(page.name, 0, page.sealed).status == 200
    assert caller.offer([page, second]).replies[1] == Declined("attachment-quota")


def test_a_full_disk_is_said_before_and_while_it_happens(school, page, monkeypatch):
    caller = school.handed_in(page)
    caller.offer([page])
    monkeypatch.setattr(uploads, "RESERVE_BYTES", 1 << 60)
    monkeypatch.setattr(AttachmentFiles, "has_room", lambda *_: False)
    assert caller.offer([page]).replies == (Declined("server-full"),)
    monkeypatch.undo()
    caller.patch(page.name, 0, page.sealed[:70_000])

    def no_room(self, step):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(uploads.Part, "_write_all", no_room)
    answer = caller.patch(page.name, 70_000, page.sealed[70_000:])
    assert (answer.status, answer.code) == (507, "server-full")
    assert "retry-after" in answer.headers
    monkeypatch.undo()
    assert caller.head(page.name).headers["upload-offset"] == "70000"
    assert caller.patch(page.name, 70_000, page.sealed[70_000:]).status == 200


def test_parts_of_one_device_are_bounded_and_forgotten_after_a_summer(school, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PARTS", 2)
    pages = [photo(school.server, 100 + seed, seed) for seed in range(3)]
    caller = school.handed_in(*pages)
    assert caller.offer(pages).replies == (GoOn(0), GoOn(0), Declined("server-busy"))
    assert school.files.sweep(now_s=0) == 0
    assert school.files.sweep(now_s=1e11) == 2
    assert caller.offer(pages[2:]).replies == (GoOn(0),)


def test_a_backup_holds_what_is_whole_and_a_restored_server_asks_for_the_rest(
    school, page, tmp_path
):
    second = photo(school.server, seed=2)
    sent(school, page)
    back_up(DataFolder(school.root), tmp_path / "backup")
    caller = school.handed_in(second)
    caller.offer([second])
    caller.patch(second.name, 0, second.sealed)
    restore(Backup(tmp_path / "backup"), DataFolder(tmp_path / "copy"))
    client = AsgiClient(create_app(tmp_path / "copy"))
    restored = AttachmentCaller(client, school.pupil.identity, school.server)
    assert restored.get(page.name).body == page.sealed
    assert restored.get(second.name).status == 404
    with DataFolder(tmp_path / "copy").store() as store, store.transaction() as transaction:
        assert transaction.missing_attachments(school.pupil.id, 10) == ()
    client.close()


def test_a_file_lost_from_the_disk_is_missed_at_the_next_start(school, page):
    sent(school, page)
    school.files.path(page.name).unlink()
    caller = school.restart()
    with school.school.store.transaction() as transaction:
        assert transaction.missing_attachments(school.pupil.id, 10) == (page.name,)
        assert transaction.missing_attachments(school.classmate.id, 10) == ()
    assert caller.offer([page]).replies == (GoOn(0),)


HOSTILE = [
    ("GET", "/attachments/x", {}),
    ("GET", "/attachments/" + "A" * 64, {}),
    ("GET", "/attachments/../server.db", {}),
    ("GET", "/attachments/%2e%2e%2fidentity", {}),
    ("PATCH", "/attachments/" + "a" * 64, {}),
    ("PATCH", "/attachments/" + "a" * 64, {"Upload-Offset": "0"}),
    ("PATCH", "/attachments/" + "a" * 64, {"Upload-Offset": "-1", "Content-Length": "5"}),
    ("PATCH", "/attachments/" + "a" * 64, {"Upload-Offset": "9" * 13, "Content-Length": "5"}),
    ("PATCH", "/attachments/" + "a" * 64, {"Upload-Offset": "1e3", "Content-Length": "5"}),
    ("PATCH", "/attachments/" + "a" * 64, {"Upload-Offset": "٣", "Content-Length": "5"}),
    ("PUT", "/attachments/" + "a" * 64, {}),
    ("DELETE", "/attachments/" + "a" * 64, {}),
    ("POST", "/attachments", {"Content-Length": "99999999"}),
    ("POST", "/attachments", {}),
]


@pytest.mark.parametrize(("method", "path", "headers"), HOSTILE)
def test_nonsense_is_refused_with_a_code(school, method, path, headers):
    rows = [(name, value.encode("utf-8").decode("latin-1")) for name, value in headers.items()]
    answer = school.client.request(method, path, b"12345", rows)
    assert 400 <= answer.status < 500
    assert answer.code
    assert not (school.root / "attachments").exists() or not list(school.files.names())


def test_an_offer_of_garbage_is_refused(school):
    pupil = school.pupil
    for payload in (b"[]", b"{", b'{"a":[[1,2,3]]}', b'{"w":"x"}', b'{"a":' + b"[" * 500):
        message = make_message(Kind.OFFER, payload, pupil.identity, school.server)
        answer = school.client.request("POST", "/attachments", message)
        assert (answer.status, answer.code) == (400, "message-malformed")
    request = OfferRequest().to_payload()
    as_exchange = make_message(Kind.EXCHANGE_REQUEST, request, pupil.identity, school.server)
    assert school.client.request("POST", "/attachments", as_exchange).code == "message-kind"
