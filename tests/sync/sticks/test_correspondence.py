from __future__ import annotations

from sync.sticks.correspondence import own_devices
from tests.support.model_server import ModelServer
from tests.support.sync_device import Device


def test_a_laptop_that_never_branched_has_one_box(device: Device, server: ModelServer) -> None:
    parties = device.parties(server)
    assert own_devices(parties, device.clock) == (device.identity.public.device_id,)
