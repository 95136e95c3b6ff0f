"""A pupil's photo on its way to the teacher: over a real server, and through what may go wrong."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import time

import pytest
import requests

from client.laptop.attaching import attachments as module
from client.laptop.attaching.offers import waiting, waiting_count
from client.laptop.errors import LaptopError
from client.laptop.laptop import Laptop
from client.laptop.road import OverHttp
from sync.roads.uploading import Attachments as HttpAttachments
from sync_server.backups.making import back_up
from sync_server.backups.restoring import Backup, restore
from sync_server.data_folder import DataFolder
from tests.support.cutting_proxy import cutting
from tests.support.laptop import PACK, TurnableClock
from tests.support.school import School
from tests.support.server import running_server

pytest.importorskip("starlette", reason="the server runs on newer Pythons")

PUPIL, CLASSMATE, TEACHER = "Айгерім", "Нұрлан", "Сәуле"


class Class7:
    """A school whose server runs, and laptops that reach it over HTTP."""

    def __init__(self, folder):
        self.folder = folder
        self.school = School(folder / "school")
        self.laptops = []
        self.url = ""

    def laptop(self, name, students=(), teachers=(), url=None):
        laptop = Laptop.open(self.folder / name, TurnableClock(), OverHttp())
        laptop.enrol(url or self.url, self.school.code(students, teachers), name)
        self.laptops.append(laptop)
        return laptop

    def again(self, name):
        laptop = Laptop.open(self.folder / name, TurnableClock(), OverHttp())
        self.laptops.append(laptop)
        return laptop

    def held(self):
        with self.school.store.transaction() as transaction:
            return {one.sha256 for one in transaction.attachments()}

    def wait_for_uploads(self):
        """Wait until the server has noticed that whoever sent a file is gone."""
        until_s = time.monotonic() + 30
        while time.monotonic() < until_s:
            answer = requests.get(f"{self.url}/metrics", timeout=30)
            if "\nkeruen_uploads 0.0" in answer.text:
                return
            time.sleep(0.01)

    def close(self):
        for laptop in self.laptops:
            laptop.close()
        self.school.close()


@pytest.fixture
def here(tmp_path, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    made = Class7(tmp_path)
    with running_server(made.school.data.root) as url:
        made.url = url
        yield made
        made.close()


def recording(folder, size_bytes=100_000, name="Оқу.ogg", seed=1):
    path = folder / name
    path.write_bytes(hashlib.shake_128(b"%d" % seed).digest(size_bytes))
    return path


def person(laptop):
    return laptop.people()[0].id


def hand_in(laptop, *files, task="check"):
    names = [file.name for file in files]
    return laptop.hand_in(person(laptop), PACK, "meaning", task, {"photo": names}, "kk")


def synced(laptop):
    account = laptop.sync()
    assert account.problem is None, account
    assert account.set_aside == (), account
    return account


def test_what_a_pupil_attaches_the_teacher_opens(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    teacher = here.laptop("teacher", teachers=[TEACHER])
    path = recording(tmp_path)
    file = pupil.attach(path)
    assert (file.media_type, file.title, file.here, file.held) == (
        "audio/ogg",
        "Оқу.ogg",
        True,
        False,
    )
    work = hand_in(pupil, file)
    path.unlink()
    synced(pupil)
    assert pupil.attached(file.name).held
    synced(teacher)
    detail = teacher.work_detail(work.id)
    assert detail.answers == {"photo": [file.name]}
    (seen,) = detail.files
    assert (seen.name, seen.title, seen.here) == (file.name, "Оқу.ogg", True)
    plain = hashlib.shake_128(b"1").digest(100_000)
    assert teacher.work_file_bytes(work.id, file.name) == plain
    exported = teacher.export_work_file(work.id, file.name)
    assert (exported.name, exported.read_bytes()) == ("Оқу.ogg", plain)
    assert pupil.attached_bytes(file.name) == plain


def test_one_file_in_several_works_of_several_laptops_is_sent_once(here, tmp_path):
    first = here.laptop("first", [PUPIL])
    path = recording(tmp_path)
    file = first.attach(path)
    assert first.attach(shutil.copy(path, tmp_path / "copy.ogg") and path) == file
    hand_in(first, file)
    hand_in(first, file, task="practice")
    assert synced(first).sent_bytes > 100_000
    hand_in(first, first.attach(path), task="explain")
    account = synced(first)
    assert account.sent_bytes < 2_000
    second = here.laptop("second", [CLASSMATE])
    hand_in(second, second.attach(path))
    account = synced(second)
    assert account.sent_bytes < 5_000
    assert second.attached(file.name).held
    assert len(here.held()) == 1


def test_nothing_waits_nothing_is_asked(here):
    pupil = here.laptop("pupil", [PUPIL])
    synced(pupil)
    assert synced(pupil).requests == 1


def test_through_a_link_that_breaks_all_the_time(here, tmp_path):
    dice = random.Random(7)
    calm = [True]

    def cut():
        return (None, None) if calm[0] else (dice.randrange(1, 300_000), dice.randrange(1, 90_000))

    with cutting(here.url, cut) as proxy:
        pupil = here.laptop("pupil", [PUPIL], url=proxy.address)
        teacher = here.laptop("teacher", teachers=[TEACHER], url=proxy.address)
        file = pupil.attach(recording(tmp_path, 1_000_000))
        work = hand_in(pupil, file)
        calm[0] = False
        for _ in range(80):
            pupil.sync()
            if pupil.attached(file.name).held:
                break
        for _ in range(300):
            teacher.sync()
            if len(teacher.class_work(person(teacher)).unmarked) and all(
                one.here for one in teacher.work_detail(work.id).files
            ):
                break
        assert proxy.cuts > 10
    plain = hashlib.shake_128(b"1").digest(1_000_000)
    assert teacher.work_file_bytes(work.id, file.name) == plain


def test_killed_in_the_middle_it_goes_on(here, tmp_path, monkeypatch):
    pupil = here.laptop("pupil", [PUPIL])
    file = pupil.attach(recording(tmp_path, 500_000))
    hand_in(pupil, file)
    pupil._syncing.exchange(lambda _: None, lambda: False)
    assert pupil.status().sentence.key == "status.waiting-files"
    real = HttpAttachments.send

    def dying(self, device, server, sha256, source, start, size_bytes, **options):
        class Half:
            def seek(self, place):
                source.seek(place)

            def read(self, size):
                if source.tell() > 250_000:
                    raise KeyboardInterrupt
                return source.read(size)

        return real(self, device, server, sha256, Half(), start, size_bytes, **options)

    monkeypatch.setattr(HttpAttachments, "send", dying)
    with pytest.raises(KeyboardInterrupt):
        pupil.sync()
    monkeypatch.undo()
    here.wait_for_uploads()
    again = here.again("pupil")
    assert not again.attached(file.name).held
    account = synced(again)
    assert account.sent_bytes < 300_000
    assert again.attached(file.name).held
    assert again.status().sentence.key == "status.received"


def test_what_was_lost_with_the_server_is_asked_for_again(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    file = pupil.attach(recording(tmp_path))
    hand_in(pupil, file)
    pupil._syncing.exchange(lambda _: None, lambda: False)
    back_up(here.school.data, tmp_path / "backup")
    synced(pupil)
    here.school.store.close()
    shutil.rmtree(here.school.data.root)
    restore(Backup(tmp_path / "backup"), here.school.data)
    here.school.store = DataFolder(here.school.data.root).open_store()
    with running_server(here.school.data.root) as url:
        pupil._store.keep_membership(
            pupil._store.enrolled().__class__(**{**vars(pupil._store.enrolled()), "address": url})
        )
        synced(pupil)
        assert len(here.held()) == 1
        assert pupil.attached(file.name).held


def test_a_cloned_laptop_sends_what_it_attached_too(here, tmp_path):
    first = here.laptop("first", [PUPIL])
    shared = first.attach(recording(tmp_path))
    hand_in(first, shared)
    first.close()
    shutil.copytree(tmp_path / "first", tmp_path / "clone")
    first, clone = here.again("first"), here.again("clone")
    mine = first.attach(recording(tmp_path, name="a.ogg", seed=2))
    hand_in(first, mine, task="practice")
    theirs = clone.attach(recording(tmp_path, name="b.ogg", seed=3))
    hand_in(clone, theirs, task="explain")
    synced(first)
    for _ in range(2):
        clone.sync()
    synced(clone)
    for laptop, files in ((first, (shared, mine)), (clone, (shared, theirs))):
        assert all(laptop.attached(file.name).held for file in files)
    assert len(here.held()) == 3


def test_one_that_went_bad_on_the_disk_stops_no_other(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    bad = pupil.attach(recording(tmp_path, name="bad.ogg"))
    good = pupil.attach(recording(tmp_path, name="good.ogg", seed=2))
    hand_in(pupil, bad, good)
    path = pupil._attachments.path(module._hex(bad.name))
    data = bytearray(path.read_bytes())
    data[70_000] ^= 1
    path.write_bytes(data)
    account = pupil.sync()
    assert account.problem is None
    assert [one.code for one in account.set_aside] == ["attachment-damaged"]
    assert "bad.ogg" in account.set_aside[0].subject
    assert pupil.attached(good.name).held
    assert not pupil.attached(bad.name).held
    pupil.attach(recording(tmp_path, name="bad.ogg"))
    synced(pupil)
    assert pupil.attached(bad.name).held
    assert pupil.status().set_aside == ()


def test_a_full_disk_leaves_nothing_half(here, tmp_path, monkeypatch):
    pupil = here.laptop("pupil", [PUPIL])

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(LaptopError) as caught:
        pupil.attach(recording(tmp_path))
    assert caught.value.code == "disk-full"
    monkeypatch.undo()
    assert list((tmp_path / "pupil" / "attachments").iterdir()) == []


def test_a_server_without_room_is_tried_again_and_the_file_stays(here, tmp_path, monkeypatch):
    from sync_server.attachments.uploads import AttachmentFiles

    pupil = here.laptop("pupil", [PUPIL])
    file = pupil.attach(recording(tmp_path))
    hand_in(pupil, file)
    monkeypatch.setattr(AttachmentFiles, "has_room", lambda *_: False)
    account = pupil.sync()
    assert [one.code for one in account.set_aside] == ["server-full"]
    assert waiting_count(pupil._store) == 1
    monkeypatch.undo()
    synced(pupil)
    assert pupil.attached(file.name).held


def test_taken_back_before_handing_in_it_leaves_after_it_stays(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    file = pupil.attach(recording(tmp_path))
    path = pupil._attachments.path(module._hex(file.name))
    pupil.save_draft(person(pupil), PACK, "meaning", "check", {"photo": [file.name]})
    pupil.take_back(file.name)
    assert path.exists()
    pupil.save_draft(person(pupil), PACK, "meaning", "check", {"photo": []})
    pupil.take_back(file.name)
    assert not path.exists()
    assert pupil.attached(file.name) is None
    file = pupil.attach(recording(tmp_path))
    hand_in(pupil, file)
    pupil.take_back(file.name)
    assert path.exists()
    assert len(waiting(pupil._store)) == 1


def test_what_a_crash_left_is_swept_after_a_day(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    file = pupil.attach(recording(tmp_path))
    folder = tmp_path / "pupil" / "attachments"
    (folder / "17-4.sealing").write_bytes(b"x")
    (folder / ("ab" * 32 + ".part")).write_bytes(b"x")
    pupil._attachments.sweep()
    assert len(list(folder.iterdir())) == 3
    pupil._attachments.sweep(now_s=4e9)
    assert [path.name for path in folder.iterdir()] == [module._hex(file.name)]


@pytest.mark.parametrize("name", ["game.exe", "a.bat", "a.docm", "a", "a.jpg.lnk", "a.html"])
def test_what_a_system_would_run_is_not_attached(here, tmp_path, name):
    pupil = here.laptop("pupil", [PUPIL])
    with pytest.raises(LaptopError) as caught:
        pupil.attach(recording(tmp_path, name=name))
    assert caught.value.code == "attachment-kind"


def test_what_cannot_be_attached_is_said(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    for make, code in (
        (lambda: recording(tmp_path, 0, "empty.ogg"), "attachment-empty"),
        (lambda: tmp_path / "gone.ogg", "attachment-unreadable"),
        (lambda: recording(tmp_path, 33 << 20, "long.ogg"), "attachment-too-large"),
        (lambda: recording(tmp_path, 100, "photo.jpg"), "photo-unreadable"),
    ):
        with pytest.raises(LaptopError) as caught:
            pupil.attach(make())
        assert caught.value.code == code
    assert not list((tmp_path / "pupil").glob("attachments/*"))


def test_a_work_whose_file_has_not_come_says_so(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    teacher = here.laptop("teacher", teachers=[TEACHER])
    file = pupil.attach(recording(tmp_path))
    work = hand_in(pupil, file)
    pupil._syncing.exchange(lambda _: None, lambda: False)
    synced(teacher)
    assert [one.here for one in teacher.work_detail(work.id).files] == [False]
    with pytest.raises(LaptopError) as caught:
        teacher.work_file_bytes(work.id, file.name)
    assert caught.value.code == "attachment-missing"
    synced(pupil)
    synced(teacher)
    assert [one.here for one in teacher.work_detail(work.id).files] == [True]


def test_a_nearly_full_disk_lets_go_of_what_the_server_has_and_of_nothing_else(here, tmp_path):
    pupil = here.laptop("pupil", [PUPIL])
    sent = pupil.attach(recording(tmp_path))
    hand_in(pupil, sent)
    synced(pupil)
    waits = pupil.attach(recording(tmp_path, name="b.ogg", seed=2))
    hand_in(pupil, waits, task="practice")
    pupil._attachments.make_room(low_bytes=0)
    assert pupil.attached(sent.name).here
    pupil._attachments.make_room(low_bytes=1 << 60)
    assert not pupil.attached(sent.name).here
    assert pupil.attached(waits.name).here
