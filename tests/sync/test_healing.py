from __future__ import annotations

from pathlib import Path

import pytest

from sync.errors import SyncError
from sync.healing import find_shared_seq
from sync.lineage import Lineage
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
    assert find_shared_seq(device.parties(server), road, lineage, child) == records
    assert road.requests <= 3


def test_a_laptop_that_never_branched_stays_unknown(device: Device, server: ModelServer) -> None:
    device.write()
    server.devices.clear()
    with pytest.raises(SyncError) as caught:
        device.sync(server)
    assert caught.value.code == "device-unknown"
