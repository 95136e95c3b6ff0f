"""A school's server after a night, for tests of its pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from content.building.builder import build_pack
from sync_server.days import day_of, local_of, night_of
from sync_server.relay.nights import Night
from tests.support.clock import TurnableClock
from tests.support.packs import KEY, write_source
from tests.support.relays import enrol_relay, laptop_at
from tests.support.server import School, open_school

NOW_MS = 1_795_406_400_000
DAY_MS = 86_400_000


def furnish(tmp_path: Path, school: School, **given: Any) -> Night:
    """Give a school a region, laptops, packs and fourteen nights, the last one as ``given``."""
    with open_school(tmp_path / "region", TurnableClock(NOW_MS)) as region:
        enrol_relay(school, region)
    write_source(tmp_path / "source", "equations", 1, 2_000_000)
    build_pack(tmp_path / "source", tmp_path / "repository", KEY)
    school.publish(tmp_path / "repository", KEY.public.key_id)
    devices = [
        laptop_at(school, [f"Оқушы {number}"]).identity.public.device_id for number in range(4)
    ]
    last = Night(
        **{
            "turns": 96,
            "records_up": 312,
            "records_down": 45,
            "files_up": 7,
            "packs": 2,
            "media": 31,
            "sent_bytes": 1_300_000,
            "received_bytes": 412_000_000,
            "line_s": 25_300,
            "last_ms": NOW_MS,
            **given,
        }
    )
    with school.store.transaction() as transaction:
        (upstream,) = transaction.upstreams()
        transaction.touch_upstream(upstream.id, NOW_MS - 3_600_000)
        tonight, today = night_of(local_of(NOW_MS)), day_of(NOW_MS)
        for back in range(1, 14):
            night = Night(received_bytes=30_000_000 * ((back * 7) % 12))
            transaction.set_night(tonight - back, upstream.id, json.dumps(night.to_json()))
            for device in devices[: back % 5]:
                transaction.note_seen(today - back, device)
        transaction.set_night(tonight, upstream.id, json.dumps(last.to_json()))
        for device in devices[:3]:
            transaction.touch_device(device, NOW_MS)
            transaction.note_seen(today, device)
        transaction.touch_device(devices[3], NOW_MS - 9 * DAY_MS)
    return last
