"""The command ``keruen-server lost``, as one types it."""

from __future__ import annotations

import json

from sync_server.cli import main
from sync_server.data_folder import DataFolder
from sync_server.devices import lost
from tests.support.device import TestDevice
from tests.support.server import open_school


def test_a_laptop_is_lost_and_found(tmp_path, capsys):
    with open_school(tmp_path) as school:
        device = TestDevice()
        device.enrol(school.road(), str(school.code(["Анна"]).code), "Ноутбук 1")
    for words, expected in ((["--json"], True), (["--found", "--json"], False)):
        assert main(["lost", "Ноутбук 1", "--data", str(tmp_path), *words]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told == {"laptop": "Ноутбук 1", "id": device.id, "lost": expected}
        with DataFolder(tmp_path).store() as store, store.transaction() as transaction:
            assert lost.is_lost(transaction, device.id) is expected
    assert main(["lost", "Ноутбук 2", "--data", str(tmp_path)]) != 0
    assert "Ноутбук 1" in capsys.readouterr().err
