"""Lessons and attached files over a link that is cut at random bytes, and what is sent again."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Tuple
from urllib.parse import urlsplit

from client.laptop.laptop import Laptop
from content.building.builder import build_pack
from content.trust.keys import PublisherKey
from sync.attachments.offer import OfferRequest, open_attachment_receipt
from sync.errors import LinkError
from sync.message import Kind, make_message
from sync.roads.http import HttpRoad
from tests.support.attachments import hand_in, photo
from tests.support.device import TestDevice
from tests.support.link_proxy import LinkProxy
from tests.support.link_shape import Shape
from tests.support.pack_source import write_source
from tests.support.server import School, running_server
from tests.support.wire_log import WireLog

KEY = PublisherKey.from_seed(b"cut transfers".ljust(32, b"."))
VIDEO_BYTES = 700_000
LINK = Shape(down_bit_per_s=20_000_000, delay_s=0.002)
"""A good link: faster than a laptop reads, what is cut off would be its own memory."""


@dataclass
class Told:
    """How often a transfer was cut, and how much was sent beside what had to be.

    ``worst_bytes`` is what the dearest of the cuts had sent again.
    """

    cuts: int
    needed_bytes: int
    sent_bytes: int
    worst_bytes: int
    same: bool

    @property
    def again_bytes(self) -> float:
        """What a cut cost, heads of further requests included."""
        return (self.sent_bytes - self.needed_bytes) / max(1, self.cuts)


def proxy_to(address: str) -> LinkProxy:
    """A proxy before a server."""
    parts = urlsplit(address)
    return LinkProxy((str(parts.hostname), int(parts.port or 0)), LINK)


def down(folder: Path, cuts: int, every_bytes: int, seed: int) -> Told:
    """Fetch packs with so many cuts, each after up to twice ``every_bytes``."""
    school = School(folder / "server")
    packs = 1 + cuts * every_bytes // (3 * VIDEO_BYTES)
    for at in range(packs):
        source = write_source(folder / "source" / f"{at}", f"pack-{at}", video_bytes=VIDEO_BYTES)
        build_pack(source, folder / "repository", KEY)
    school.publish(folder / "repository", KEY.public.key_id)
    with running_server(folder / "server") as address, proxy_to(address) as proxy:
        laptops = [_joined(school, proxy, folder / name) for name in ("whole", "cut")]
        before = proxy.down_bytes
        assert laptops[0].sync().problem is None
        needed_bytes = proxy.down_bytes - before
        chance, before = random.Random(seed), proxy.down_bytes
        log = WireLog(lambda: proxy.cuts)
        proxy.heard = log.heard
        proxy.again = lambda: (
            chance.randrange(1, 2 * every_bytes) if proxy.cuts < cuts else None,
            None,
        )
        proxy.cut_after(*proxy.again())
        while laptops[1].sync().problem is not None:
            assert proxy.cuts <= cuts
        sent_bytes = proxy.down_bytes - before
    for laptop in laptops:
        laptop.close()
    school.close()
    same = _contents(folder / "whole") == _contents(folder / "cut")
    return Told(proxy.cuts, needed_bytes, sent_bytes, log.worst_bytes, same)


def _joined(school: School, proxy: LinkProxy, folder: Path) -> Laptop:
    laptop = Laptop.open(folder)
    laptop.enrol(proxy.address, str(school.code(students=["Айгерім Т."]).code))
    return laptop


def _contents(folder: Path) -> Dict[str, str]:
    """Every lesson's file with its hash; what a laptop notes for itself is its own."""
    packs = folder / "packs"
    return {
        str(path.relative_to(packs)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(packs.rglob("*"))
        if path.is_file() and ".keruen" not in path.parts
    }


def up(folder: Path, cuts: int, every_bytes: int, seed: int) -> Told:
    """Send a pupil's file with so many cuts."""
    school, device = School(folder / "server"), TestDevice()
    device.enrol(school.road(), str(school.code(["Айгерім"]).code))
    file = photo(school.identity.public, cuts * every_bytes)
    hand_in(device, device.people[0].id, [file])
    device.exchange_all(school.road())
    chance = random.Random(seed)
    with running_server(folder / "server") as address, proxy_to(address) as proxy:
        payload = OfferRequest((file.offer,)).to_payload()
        with HttpRoad(address) as road:
            road.offer(make_message(Kind.OFFER, payload, device.identity, device.server))
        proxy.again = lambda: (
            None,
            chance.randrange(1, 2 * every_bytes) if proxy.cuts < cuts else None,
        )
        proxy.cut_after(*proxy.again())
        receipt, starts, passed = b"", [0], [0]
        while not receipt:
            receipt = _sent(proxy, address, device, file, starts)
            passed.append(proxy.up_bytes)
    size_bytes = file.file.size_bytes
    open_attachment_receipt(receipt, file.name, size_bytes, device.server)
    # One cut a request: what it carried, less how much further the server is.
    steps = [new - old for old, new in zip(starts, [*starts[1:], size_bytes])]
    worst_bytes = max(new - old - step for old, new, step in zip(passed, passed[1:], steps))
    held = [path for path in school.folder.attachments.rglob(file.name) if path.is_file()]
    same = [path.read_bytes() for path in held] == [file.sealed]
    device.close()
    school.close()
    return Told(proxy.cuts, size_bytes, passed[-1], worst_bytes, same)


def _sent(proxy: LinkProxy, address: str, device: TestDevice, file, starts: List[int]) -> bytes:
    named: Tuple = (device.identity, device.server, file.name)
    try:
        with HttpRoad(proxy.address) as road:
            data = io.BytesIO(file.sealed)
            return road.attachments.send(*named, data, starts[-1], file.file.size_bytes)
    except LinkError:
        with HttpRoad(address) as road:
            there = road.attachments.offset_bytes(*named[:2], named[2])
            starts.append(file.file.size_bytes if there is None else there)
        return b""
