"""Cloned and rolled-back laptops at a real server: each work counts once, at the teacher's too."""

from __future__ import annotations

import dataclasses
import shutil
from collections import Counter

import pytest

from sync.errors import RefusedError
from sync.exchanges.dialogue import Parties
from sync.exchanges.healing import exchange_and_heal
from sync.identity import Identity
from sync.journals.branch import Probe, fact_digest, make_claim
from sync.journals.lineage import Lineage
from sync.kinds import MARK, SUBMISSION
from tests.support.clock import TurnableClock
from tests.support.device import TestDevice, submission
from tests.support.server import School


@pytest.fixture
def school(tmp_path):
    made = School(tmp_path / "server", TurnableClock(step_ms=1))
    yield made
    made.close()


class Class:
    """A teacher's laptop, and pupils' laptops that came from one image."""

    def __init__(self, school, folder, clones):
        self.school, self.road = school, school.road()
        self.clock = TurnableClock()
        first = TestDevice(folder / "0.db", self.clock)
        first.enrol(self.road, str(school.code(["Анна", "Болат"]).code))
        self.anna = first.person("Анна")
        first.hand_in(self.anna, task="before")
        first.exchange_all(self.road)
        first.close()
        self.laptops = []
        for at in range(clones):
            path = folder / f"{at}.db"
            if at:
                shutil.copyfile(folder / "0.db", path)
            self.laptops.append(self._opened(path, first))
        self.teacher = TestDevice(clock=self.clock)
        self.teacher.enrol(self.road, str(school.code((), ["Сәуле"]).code))

    def _opened(self, path, first):
        return TestDevice(path, self.clock, first.identity, first.server)

    def sync(self, laptop):
        identity = Lineage(laptop.db, self.clock).adopted() or laptop.identity
        parties = Parties(laptop.db, identity, laptop.server, laptop.journal, laptop.inbox)
        healed = exchange_and_heal(parties, self.road, {}, self.clock)
        laptop.identity, laptop.journal = healed.parties.identity, healed.parties.journal
        assert healed.outcomes[-1].problem is None
        return healed

    def tasks(self):
        self.teacher.exchange_all(self.road)
        works = self.teacher.inbox.of_kind(SUBMISSION)
        return Counter(work.body["task"] for work in works)

    def close(self):
        for laptop in (*self.laptops, self.teacher):
            laptop.close()


@pytest.fixture
def cloned(school, tmp_path):
    made = Class(school, tmp_path, 30)
    yield made
    made.close()


def test_thirty_laptops_from_one_image_all_count_once(cloned):
    for at, laptop in enumerate(cloned.laptops):
        laptop.hand_in(cloned.anna, task=f"clone-{at}")
        assert cloned.sync(laptop).branches == (1 if at else 0)
    for laptop in cloned.laptops:
        assert cloned.sync(laptop).branches == 0
    assert cloned.tasks() == Counter(["before", *(f"clone-{at}" for at in range(30))])
    assert len({laptop.id for laptop in cloned.laptops}) == 30


def test_a_branch_may_write_for_the_same_people_and_reads_on(cloned):
    first, second = cloned.laptops[:2]
    work = first.hand_in(cloned.anna, task="marked")
    cloned.sync(first)
    second.hand_in(cloned.anna, task="mine")
    healed = cloned.sync(second)
    assert healed.carried == 1
    cloned.tasks()
    cloned.teacher.mark(cloned.teacher.people[0].id, cloned.anna, work)
    cloned.teacher.exchange_all(cloned.road)
    cloned.sync(second)
    assert [mark.body["seq"] for mark in second.inbox.of_kind(MARK)] == [work.seq]
    assert work.body in [one.body for one in second.inbox.of_kind(SUBMISSION)]


def test_a_server_that_forgot_the_branch_admits_it_again(cloned, school, tmp_path):
    backup = tmp_path / "backup.db"
    school.store.backup(backup)
    first, second = cloned.laptops[:2]
    first.hand_in(cloned.anna, task="first")
    second.hand_in(cloned.anna, task="second")
    for laptop in (first, second):
        cloned.sync(laptop)
    second.hand_in(cloned.anna, task="third")
    cloned.sync(second)
    school.store.close()
    shutil.copyfile(backup, school.folder.database)
    for side in ("-wal", "-shm"):
        (tmp_path / "server" / f"server.db{side}").unlink(missing_ok=True)
    school.restart()
    for laptop in (second, first, second):
        cloned.sync(laptop)
    assert cloned.tasks() == Counter(["before", "first", "second", "third"])


def test_an_original_that_arrives_after_it_was_carried_counts_once(cloned, school):
    first, second = cloned.laptops[:2]
    second.hand_in(cloned.anna, task="late")
    late = second.seal(second.request())
    parent = second.identity
    lineage = Lineage(second.db, cloned.clock)
    child = lineage.prepare(parent)
    claim = make_claim(child, parent.public.device_id, lineage.probes(second.journal, 0, 1))
    request = dataclasses.replace(second.request(), records=(), first_seq=3, claim=claim)
    assert second.open(cloned.road.exchange(second.seal(request))).shared_seq == 1
    lineage.adopt(child, parent, 1)
    cloned.sync(second_as(second, cloned))
    answer = TestDevice(identity=parent, server=first.server).open(cloned.road.exchange(late))
    assert answer.refused == ((2, "record-known"),)
    assert cloned.tasks()["late"] == 1


def second_as(device, cloned):
    from sync.journals.journal import Journal

    device.identity = Lineage(device.db, cloned.clock).adopted()
    device.journal = Journal(device.db, device.identity.public, cloned.clock)
    return device


def test_a_key_that_did_not_agree_is_not_admitted(cloned, school):
    first = cloned.laptops[0]
    stranger = Identity.generate()
    claim = make_claim(stranger, cloned.teacher.id, [Probe(1, b"12345678")])
    request = dataclasses.replace(first.request(), claim=claim)
    with pytest.raises(RefusedError) as caught:
        cloned.road.exchange(first.seal(request))
    assert caught.value.code == "claim-forged"
    with school.store.transaction() as transaction:
        assert transaction.device(stranger.public.device_id) is None


def test_nobody_carries_what_a_stranger_wrote(cloned):
    first = cloned.laptops[0]
    body = {**submission(), "carried": [cloned.teacher.id, 1]}
    with first.journal._db:
        record = first.journal.append(cloned.anna, SUBMISSION, submission())
    forged = dataclasses.replace(record, body=body)
    request = dataclasses.replace(
        first.request(), records=(forged,), device_head=_head_after(first, forged)
    )
    answer = first.open(cloned.road.exchange(first.seal(request)))
    assert answer.refused == ((2, "record-not-permitted"),)
    assert fact_digest(forged) != fact_digest(record)


def _head_after(device, record):
    from sync.record import Head, record_hash

    return Head(record.seq, record_hash(device.journal.hash_at(record.seq - 1), record))
