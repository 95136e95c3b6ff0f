from __future__ import annotations

from pathlib import Path

from sync.exchanges.dialogue import Parties
from sync.exchanges.healing import exchange_and_heal
from sync.journals.journal import Journal
from sync.journals.lineage import Lineage
from sync.kinds import SUBMISSION
from tests.support.model_server import ModelServer
from tests.support.records import PERSON, submission_body
from tests.support.sync_device import Device


def test_keys_are_kept_before_they_are_used_and_made_once(device: Device) -> None:
    lineage, old = Lineage(device.db, device.clock), device.identity
    child = lineage.prepare(old)
    assert lineage.adopted() is None
    device.crash()
    lineage = Lineage(device.db, device.clock)
    assert lineage.prepare(old) == child
    assert lineage.parent_of(child.public.device_id) == old
    assert lineage.parent_of(old.public.device_id) is None


def test_what_is_not_shared_is_carried_over_once(device: Device) -> None:
    for at in range(5):
        device.write(task=f"work-{at}")
    lineage, old = Lineage(device.db, device.clock), device.identity
    child = lineage.prepare(old)
    assert lineage.adopt(child, old, 3) == 2
    assert lineage.adopt(child, old, 3) == 0
    assert lineage.adopt(child, old, 1) == 2
    assert device.identity == child
    assert lineage.adopted_device() == device.journal.device
    carried = [record.body["task"] for record in device.journal.of_kind(SUBMISSION)]
    assert carried == ["work-3", "work-4", "work-1", "work-2"]
    assert [record.body["task"] for record in device.shown()] == [
        f"work-{at}" for at in range(3)
    ] + [
        "work-3",
        "work-4",
    ]


def test_a_branch_goes_on_after_the_time_of_what_it_carries(device: Device) -> None:
    last = device.write()
    lineage, old = Lineage(device.db, device.clock), device.identity
    lineage.adopt(lineage.prepare(old), old, 0)
    assert device.write().time > last.time


def test_a_sweep_carries_what_was_written_late_under_the_old_name(device: Device) -> None:
    lineage, old = Lineage(device.db, device.clock), device.identity
    lineage.adopt(lineage.prepare(old), old, 0)
    former = Journal(device.db, old.public, device.clock)
    former.append(PERSON, SUBMISSION, submission_body(task="late"))
    assert lineage.sweep(device.journal) == 1
    assert lineage.sweep(device.journal) == 0
    assert [record.body["task"] for record in device.journal.all()] == ["late"]


def test_a_database_set_back_to_before_its_branch_gives_its_work_to_the_branch(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    device.write(task="received")
    device.sync(server)
    device.write(task="waiting")
    device.image(tmp_path / "image.db")
    # The branch began and was written into the laptop's membership; then the database went back.
    old, clock = device.identity, device.clock
    branch = Lineage(device.db, clock).prepare(old)
    device.restore(tmp_path / "image.db")
    server.enrol(branch.public)
    journal = Journal(device.db, branch.public, clock)
    assert Lineage(device.db, clock).sweep(journal) == 1
    assert Lineage(device.db, clock).sweep(journal) == 0
    (moved,) = journal.all()
    assert (moved.body["task"], moved.device) == ("waiting", branch.public.device_id)
    parties = Parties(device.db, branch, server.identity.public, journal, device.inbox)
    assert exchange_and_heal(parties, server, {}, clock).branches == 0
    told = [record.body["task"] for one in server.journals.values() for record in one]
    assert sorted(told) == ["received", "waiting"]
    assert journal.append(PERSON, SUBMISSION, submission_body()).time > moved.time


def test_a_sweep_leaves_alone_what_is_received_and_what_is_continued(
    device: Device, server: ModelServer
) -> None:
    device.write()
    device.sync(server)
    lineage, old = Lineage(device.db, device.clock), device.identity
    lineage.adopt(lineage.prepare(old), old, 1)
    device.write()
    assert lineage.sweep(device.journal) == 0
    assert device.journal.head.seq == 1
