from __future__ import annotations

from pathlib import Path

import pytest

from sync.errors import LinkError, SyncError
from sync.exchanges.healing import find_shared_seq
from sync.journals.lineage import Lineage
from tests.support.model_server import BadRoad, ModelServer
from tests.support.sync_device import Device


def test_a_laptop_that_went_back_goes_on_as_a_branch(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    device.write(task="first")
    device.sync(server)
    device.image(tmp_path / "image")
    device.write(task="received")
    device.sync(server)
    device.restore(tmp_path / "image")
    device.write(task="after")
    healed = device.sync(server)
    assert (healed.branches, healed.carried) == (1, 1)
    assert healed.outcomes[-1].problem is None
    assert {one.body["task"] for one in device.shown()} == {"first", "received", "after"}
    assert device.sync(server).branches == 0


@pytest.mark.parametrize("records", [1, 64, 65, 500])
def test_where_journals_part_is_found_exactly(
    device: Device, server: ModelServer, records: int
) -> None:
    with device.db:
        device.db.execute("BEGIN")
        for at in range(records):
            device.write(task=f"{at}")
    device.sync(server)
    with device.db:
        device.db.execute("BEGIN")
        for at in range(records):
            device.write(task=f"more-{at}")
    road, lineage = BadRoad(server), Lineage(device.db, device.clock)
    child = lineage.prepare(device.identity)
    found = find_shared_seq(device.parties(server), road, lineage, child)
    assert found == (records, server.clock.now_ms())
    assert road.requests <= 3


def test_a_laptop_that_never_branched_stays_unknown(device: Device, server: ModelServer) -> None:
    device.write()
    server.devices.clear()
    with pytest.raises(SyncError) as caught:
        device.sync(server)
    assert caught.value.code == "device-unknown"


def test_a_server_that_forgot_the_branch_before_the_doubtful_one_too_is_told_of_both(
    device: Device, server: ModelServer, tmp_path: Path
) -> None:
    before_all = server.backup()
    device.write(task="first")
    device.sync(server)
    device.image(tmp_path / "image")
    device.write(task="received")
    device.sync(server)
    device.restore(tmp_path / "image")
    device.write(task="after")
    assert device.sync(server).branches == 1
    lineage = Lineage(device.db, device.clock)
    parent = device.identity
    lineage.adopt_unheard(lineage.prepare(parent), parent, device.journal.received_seq)
    device.write(task="last")
    server.restore(before_all)
    device.sync(server)
    held = {one.body["task"] for journal in server.journals.values() for one in journal}
    assert held == {"first", "after", "last"}
    assert device.journal.waiting_count() == 0


@pytest.mark.parametrize("by_clone", [False, True])
def test_a_crash_after_a_branch_was_claimed_again_loses_nothing(
    device: Device, server: ModelServer, tmp_path: Path, by_clone: bool
) -> None:
    before_all = server.backup()
    device.write(task="first")
    device.sync(server)
    device.image(tmp_path / "image")
    device.write(task="received")
    device.sync(server)
    device.restore(tmp_path / "image")
    device.write(task="after")
    assert device.sync(server).branches == 1
    device.image(tmp_path / "clone.db")
    server.restore(before_all)
    fates = iter(["arrives", "answer lost"])
    claimer = Device(tmp_path / "clone.db", device.name, device.clock) if by_clone else device
    with pytest.raises(LinkError):
        claimer.sync(server, BadRoad(server, lambda: next(fates)))
    assert device.identity.public.device_id in server.devices
    device.crash()
    device.sync(server)
    held = {one.body["task"] for journal in server.journals.values() for one in journal}
    assert held == {"first", "after"}
    requests = BadRoad(server)
    device.sync(server, requests)
    assert requests.requests == 1, "nothing is in doubt any more"
