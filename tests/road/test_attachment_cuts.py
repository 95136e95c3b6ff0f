"""An attached file over a link that is cut hundreds of times, on its way up and down."""

from __future__ import annotations

import io
import random
import socket
import time
from urllib.parse import urlsplit

import pytest

from sync.attachments.attachment import Attachment
from sync.attachments.download import AttachmentDownload
from sync.attachments.grant import authorization
from sync.attachments.offer import OfferRequest, open_attachment_receipt
from sync.errors import LinkError
from sync.message import Kind, make_message
from sync.roads.http import HttpRoad
from tests.support.attachments import hand_in, photo
from tests.support.cutting_proxy import cutting
from tests.support.device import TestDevice
from tests.support.server import open_school, running_server

SEED = 20_261
CUTS = 150
SIZE_BYTES = 6_000_000
LONGEST_BYTES = 2 * SIZE_BYTES // CUTS
MOST_AGAIN_BYTES = 64 << 10


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Cuts:
    """After how many bytes connections are cut; ``way`` 0 is up."""

    def __init__(self, way):
        self.dice = random.Random(SEED)
        self.way = way
        self.on = False

    def __call__(self):
        after = self.dice.randrange(1, LONGEST_BYTES)
        return ((None, None), ((after, None), (None, after))[self.way])[self.on]


@pytest.fixture
def school(tmp_path):
    """A running server, a device, and a large file that a record of the device names."""
    root = tmp_path / "server"
    with open_school(root) as made:
        device = TestDevice()
        device.enrol(made.road(), str(made.code(["Айгерім"]).code))
        file = photo(made.identity.public, SIZE_BYTES)
        hand_in(device, device.people[0].id, [file])
        device.exchange_all(made.road())
    with running_server(root) as url:
        yield url, device, file
    device.close()


def offer(road, device, file):
    payload = OfferRequest((file.offer,)).to_payload()
    road.offer(make_message(Kind.OFFER, payload, device.identity, device.server))


def upload(address, device, file, start):
    with HttpRoad(address) as road:
        return road.attachments.send(
            device.identity,
            device.server,
            file.name,
            io.BytesIO(file.sealed),
            start,
            file.file.size_bytes,
        )


def offset_bytes(address, device, file):
    with HttpRoad(address) as road:
        return road.attachments.offset_bytes(device.identity, device.server, file.name)


def test_up(school):
    url, device, file = school
    with HttpRoad(url) as road:
        offer(road, device, file)
    cuts, start, receipt, worst = Cuts(0), 0, b"", 0
    cuts.on = True
    with cutting(url, cuts) as proxy:
        while not receipt:
            before = proxy.up_bytes
            try:
                receipt = upload(proxy.address, device, file, start)
            except LinkError as error:
                assert error.code == "link-lost"
                there = offset_bytes(url, device, file)
                if there is None:
                    start = file.file.size_bytes
                    receipt = upload(url, device, file, start)
                    break
                assert there >= start
                worst = max(worst, proxy.up_bytes - before - (there - start))
                start = there
        assert proxy.cuts > CUTS // 2
    open_attachment_receipt(receipt, file.name, file.file.size_bytes, device.server)
    assert worst <= MOST_AGAIN_BYTES
    with HttpRoad(url) as road:
        parts = road.attachments.fetch(
            device.identity, device.server, file.name, 0, file.file.size_bytes
        )
        assert b"".join(parts) == file.sealed


def test_down(school, tmp_path):
    url, device, file = school
    with HttpRoad(url) as road:
        offer(road, device, file)
    upload(url, device, file, 0)
    named: Attachment = file.named()
    cuts, again = Cuts(1), 0
    cuts.on = True
    with cutting(url, cuts) as proxy:
        done = False
        while not done:
            before = proxy.down_bytes
            with AttachmentDownload(named, tmp_path / "part") as download:
                start = download.position_bytes
                try:
                    with HttpRoad(proxy.address) as road:
                        for data in road.attachments.fetch(
                            device.identity, device.server, file.name, start, named.size_bytes
                        ):
                            download.write(data)
                except LinkError:
                    pass
                again = max(again, proxy.down_bytes - before - (download.position_bytes - start))
                done = download.complete
                if done:
                    download.finish(tmp_path / "whole")
        assert proxy.cuts > CUTS // 2
    assert (tmp_path / "whole").read_bytes() == file.sealed
    assert again <= MOST_AGAIN_BYTES


def test_a_connection_that_only_seems_alive_is_ended_by_the_next(school, tmp_path):
    url, device, file = school
    with HttpRoad(url) as road:
        offer(road, device, file)
    parts = urlsplit(url)
    size_bytes = file.file.size_bytes
    signed = authorization(device.identity, device.server, "PATCH", file.name, 0, size_bytes)
    head = (
        f"PATCH /attachments/{file.name} HTTP/1.1\r\nHost: x\r\nUpload-Offset: 0\r\n"
        f"Content-Length: {size_bytes}\r\nAuthorization: {signed}\r\n\r\n"
    )
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as dead:
        dead.sendall(head.encode("ascii") + file.sealed[:100_000])
        parts_folder = tmp_path / "server" / "attachments" / "parts"
        while sum(path.stat().st_size for path in parts_folder.glob("*/*.part")) < 100_000:
            time.sleep(0.01)
        there = offset_bytes(url, device, file)
        assert there == 100_000
        receipt = upload(url, device, file, there)
    open_attachment_receipt(receipt, file.name, size_bytes, device.server)
