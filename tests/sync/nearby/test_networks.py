from __future__ import annotations

from types import SimpleNamespace

import ifaddr
import pytest

from sync.nearby.networks import Network, is_near, own_networks

OWN = (Network("192.168.1.7/24"), Network("10.3.2.1/16"))


@pytest.mark.parametrize(
    "url", ["http://192.168.1.5:8765", "https://192.168.1.254", "http://10.3.255.1:1/below"]
)
def test_what_lies_in_a_network_of_ours_is_near(url):
    assert is_near(url, OWN)


@pytest.mark.parametrize(
    "url",
    [
        "http://192.168.2.5:8765",
        "http://10.4.0.1",
        "http://127.0.0.1:8765",
        "http://school.example",
        "http://[fe80::1]:8765",
        "http://8.8.8.8",
        "192.168.1.5",
        "",
        "http://",
        "http://[",
    ],
)
def test_all_else_is_far(url):
    assert not is_near(url, OWN)


def adapter(*ips):
    found = [SimpleNamespace(ip=ip, network_prefix=bits, is_IPv4=":" not in ip) for ip, bits in ips]
    return SimpleNamespace(ips=found)


def test_only_private_networks_of_this_machine_count(monkeypatch):
    adapters = [
        adapter(("127.0.0.1", 8), ("::1", 128)),
        adapter(("192.168.1.7", 24), ("fe80::1", 64)),
        adapter(("8.8.4.4", 24)),
        adapter(("10.0.0.1", 32)),
        adapter(("10.0.0.2", 0)),
        adapter(),
    ]
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
    assert own_networks() == (Network("192.168.1.7/24"),)


def test_this_machine_can_be_asked():
    assert all(one.ip.is_private for one in own_networks())
