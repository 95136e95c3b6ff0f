from __future__ import annotations

import pytest

from tests.support.clock import TurnableClock
from tests.support.device import TestDevice
from tests.support.server import open_school


@pytest.fixture
def clock():
    return TurnableClock()


@pytest.fixture
def school(tmp_path, clock):
    with open_school(tmp_path / "server", clock) as school:
        yield school


@pytest.fixture
def road(school):
    return school.road()


@pytest.fixture
def enrolled(school, road, clock):
    """Return a function that makes an enrolled device with these people."""
    devices = []

    def enrol(students=(), teachers=(), class_name="7А", path=None):
        device = TestDevice(path, clock)
        devices.append(device)
        device.enrol(road, str(school.code(students, teachers, class_name).code))
        return device

    yield enrol
    for device in devices:
        device.close()
