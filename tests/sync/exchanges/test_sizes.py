"""What an exchange costs on the wire, HTTP heads included. The bounds are the project's promise."""

from __future__ import annotations

import pytest

from sync.exchanges.dialogue import exchange_all
from sync.roads.http import HttpRoad
from tests.support.model_server import ModelServer
from tests.support.sync_device import Device
from tests.support.web import Reply, Request, serving

CATALOGUES = {"0123456789abcdef" * 2: 4}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def cost_bytes(device: Device, server: ModelServer) -> int:
    def handler(request: Request) -> Reply:
        headers = {"Content-Type": "application/octet-stream"}
        return Reply(200, server.exchange(request.body), headers)

    with serving(handler) as web, HttpRoad(web.address) as road:
        exchange_all(device.parties(server), road, CATALOGUES)
        assert road.requests == 1
        return road.sent_bytes + road.received_bytes


def test_nothing_new(device: Device, server: ModelServer) -> None:
    for _ in range(40):
        device.write()
    exchange_all(device.parties(server), server, CATALOGUES)
    assert cost_bytes(device, server) <= 600


def test_one_task_with_ten_answers(device: Device, server: ModelServer) -> None:
    device.journal.append(
        "aB3_x-9Q",
        "submission",
        {
            "pack": "algebra-7-linear",
            "version": "1.0.0",
            "lesson": "word-problems",
            "task": "camels",
            "answers": {
                "one": "b",
                "two": ["a", "d"],
                "three": "-3,5",
                "four": "17/4",
                "five": "c",
                "six": "х = 12, өйткені екі жағынан да жетіні азайтамыз",
                "seven": "240",
                "eight": ["b"],
                "nine": "a",
                "ten": "Екі керуен үш сағаттан кейін кездеседі",
            },
            "points": 6.5,
            "of": 12,
            "waiting": 4,
            "language": "kk",
        },
    )
    assert cost_bytes(device, server) <= 1000
