from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from tests.support.clock import TurnableClock
from tests.support.model_server import ModelServer
from tests.support.sync_device import Device


@pytest.fixture
def device(tmp_path: Path) -> Iterator[Device]:
    made = Device(tmp_path / "laptop.db")
    yield made
    made.crash()


@pytest.fixture
def server(device: Device) -> ModelServer:
    made = ModelServer(clock=TurnableClock())
    made.enrol(device.identity.public)
    return made
