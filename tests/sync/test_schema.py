from __future__ import annotations

import pytest

from sync.errors import DatabaseError
from sync.schema import FORMAT, create_tables, stored_format
from tests.support.sync_device import Device


def test_tables_are_made_once(device: Device) -> None:
    assert stored_format(device.db) == 0
    create_tables(device.db)
    create_tables(device.db)
    assert stored_format(device.db) == FORMAT


def test_a_newer_database_is_left_alone(device: Device) -> None:
    create_tables(device.db)
    device.db.execute("UPDATE sync_meta SET value = ? WHERE key = 'format'", (FORMAT + 1,))
    with pytest.raises(DatabaseError) as caught:
        create_tables(device.db)
    assert caught.value.code == "database-newer"
