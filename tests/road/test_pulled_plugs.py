"""Plugs are pulled all through a night: nothing is lost, and nobody repairs anything."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.support.night import Load
from tests.support.pulled_plugs import PulledPlugs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9 and a fork server"),
]

PULLS = 6


def test_whoever_is_killed_goes_on_by_itself(tmp_path: Path) -> None:
    load = Load(soon=1, later=1, video_bytes=300_000, laptops=3, records=10, photos=2)
    told = PulledPlugs(tmp_path, load, rate_bytes_per_s=600_000, seed=6).night(PULLS)
    assert told.lost == ()
    assert told.problems == ()
    assert told.covered == told.records
    assert told.records > load.written
    assert told.torn > PULLS
