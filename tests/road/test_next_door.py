"""A school's network over loopback: a real server, real multicast DNS, laptops that lend."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

pytest.importorskip("starlette")

from client.laptop.laptop import Laptop
from client.laptop.nearby.addresses import Addresses
from client.laptop.nearby.nearby import NOBODY
from client.laptop.nearby.surroundings import Surroundings
from sync.nearby.multicast import Multicast
from sync.nearby.networks import Network
from sync_server.network.announcing import Announcing, announced
from tests.support.air import alone_on_air
from tests.support.packs import KEY, build_sample
from tests.support.server import School, running_server

LOOPBACK = ["127.0.0.1"]
HERE = (Network("127.0.0.1/8"),)
GONE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _loopback(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with alone_on_air():
        yield


@pytest.fixture
def school(tmp_path):
    school = School(tmp_path / "server")
    build_sample(tmp_path)
    school.publish(tmp_path / "repository", KEY.public.key_id)
    yield school
    school.close()


def around(store):
    return Surroundings(store, lends=True, multicast=Multicast(LOOPBACK), networks=lambda: HERE)


@contextlib.contextmanager
def laptop_of(school, folder, address, name):
    """A laptop that was enrolled, and whose server has got another address since."""
    laptop = Laptop.open(folder, nearby=around)
    try:
        laptop.enrol(address, str(school.code(students=[name]).code))
        store = laptop.store
        store.keep_membership(replace(store.enrolled(), address=GONE))
        yield laptop
    finally:
        laptop.close()


def announcing(school, address, device_id=""):
    told = []
    return announced(
        Announcing(
            device_id or school.identity.public.device_id,
            "0.0.0.0",  # noqa: S104 - as a server listens
            urlsplit(address).port,
            told.append,
            multicast=Multicast(LOOPBACK),
            networks=lambda: HERE,
        )
    )


def forget_videos(laptop):
    for installed in laptop.library.installation().installed():
        for entry in installed.manifest.media:
            installed.media_path(entry).unlink()
    with laptop.store.database.transaction() as connection:
        connection.execute("UPDATE wanted SET complete = 0")


def videos_missing(laptop):
    return [one.missing_media for one in laptop.library.installation().installed()] != [()]


def test_a_server_is_found_and_laptops_lend_when_it_is_gone(tmp_path, school):
    with contextlib.ExitStack() as stack:
        with running_server(tmp_path / "server") as address, announcing(school, address):
            first = stack.enter_context(laptop_of(school, tmp_path / "a", address, "Айгерім Т."))
            second = stack.enter_context(laptop_of(school, tmp_path / "b", address, "Нұрлан Ә."))
            account = first.sync()
            assert account.problem is None, "found by its keys at an address that nobody typed"
            assert account.packs_installed
            assert Addresses(first.store, NOBODY).here == address
            account = second.sync()
            assert account.problem is None
            assert account.borrowed_bytes, "the first has them, and lends"
            assert not videos_missing(second)
        forget_videos(second)
        assert videos_missing(second)
        assert second.exchange().may_borrow
        account = second.carry()
        assert (account.problem, account.received_bytes) == (None, 0)
        assert not videos_missing(second)


def test_a_stranger_under_our_servers_name_is_not_believed(tmp_path, school):
    other = School(tmp_path / "other")
    with contextlib.ExitStack() as stack:
        stack.callback(other.close)
        address = stack.enter_context(running_server(tmp_path / "server"))
        strange = stack.enter_context(running_server(tmp_path / "other"))
        laptop = stack.enter_context(laptop_of(school, tmp_path / "a", address, "Айгерім Т."))
        stack.enter_context(announcing(other, strange, school.identity.public.device_id))
        account = laptop.sync()
        assert account.problem.code == "link-unreachable", "ours is where nobody said"
        assert Addresses(laptop.store, NOBODY).here == ""
        Addresses(laptop.store, NOBODY).use([address])
        assert laptop.sync().problem is None
