from __future__ import annotations

import ipaddress
import socket

import pytest

from sync.link.metered import is_telephones, own_address


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("172.20.10.2", True),
        ("172.20.10.200", False),
        ("192.168.42.129", True),
        ("192.168.43.7", True),
        ("192.168.44.2", True),
        ("192.168.1.5", False),
        ("192.168.137.4", False),
        ("10.0.0.1", False),
        ("", False),
        ("fe80::1", False),
        ("300.1.1.1", False),
    ],
)
def test_addresses_that_telephones_give(address: str, wanted: bool) -> None:
    assert is_telephones(address) is wanted


def test_the_own_address_is_one_or_none() -> None:
    address = own_address()
    assert address is None or ipaddress.IPv4Address(address)


def test_without_a_network_there_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unplugged(socket.socket):
        def connect(self, *_: object) -> None:
            raise OSError("Network is unreachable")

    monkeypatch.setattr("sync.link.metered.socket.socket", Unplugged)
    assert own_address() is None
