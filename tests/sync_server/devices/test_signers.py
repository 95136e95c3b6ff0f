from __future__ import annotations

from sync.identity import Identity
from sync_server.devices import signers
from sync_server.devices.signers import SignerCache
from sync_server.store.model import Device
from tests.support.server import open_school


def _enrolled(school, number):
    identity = Identity.generate().public
    with school.store.transaction() as transaction:
        transaction.add_device(Device(identity, f"laptop {number}", 0))
    return identity


def test_a_device_is_found_and_a_stranger_is_not(tmp_path):
    with open_school(tmp_path) as school:
        known = _enrolled(school, 1)
        cache = SignerCache(school.store)
        assert cache.find(known.device_id) == known
        assert cache.find(Identity.generate().public.device_id) is None


def test_a_stranger_who_enrols_later_is_found_then(tmp_path):
    with open_school(tmp_path) as school:
        cache = SignerCache(school.store)
        identity = Identity.generate().public
        assert cache.find(identity.device_id) is None
        with school.store.transaction() as transaction:
            transaction.add_device(Device(identity, "late", 0))
        assert cache.find(identity.device_id) == identity


def test_forgetting_costs_a_look_and_no_device(tmp_path, monkeypatch):
    monkeypatch.setattr(signers, "MAX_SIGNERS", 2)
    with open_school(tmp_path) as school:
        devices = [_enrolled(school, number) for number in range(4)]
        cache = SignerCache(school.store)
        for _ in range(2):
            for device in devices:
                assert cache.find(device.device_id) == device
