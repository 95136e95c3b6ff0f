"""Which addresses lie in a network that this machine is in: what goes there costs nobody anything.

A server or a neighbour counts as near only there. So nobody who answers on a network can make a
machine talk to others far away.
"""

from __future__ import annotations

import ipaddress
from typing import Iterable, Mapping, Optional, Tuple
from urllib.parse import urlsplit

Network = ipaddress.IPv4Interface
"""This machine's address in a network, and how large the network is."""


SWITCH = "KERUEN_NEARBY"
"""The variable of the environment that says ``off`` where nothing may be said or looked for."""


def looks_around(environment: Mapping[str, str]) -> bool:
    """Tell whether this machine may speak by multicast DNS."""
    return environment.get(SWITCH, "").strip().lower() != "off"


def own_networks() -> Tuple[Network, ...]:
    """Return this machine's addresses in private networks (RFC 1918 and its like), not its own."""
    import ifaddr

    found = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            if one.is_IPv4 and 8 <= one.network_prefix < 32:
                found.append(ipaddress.IPv4Interface(f"{one.ip}/{one.network_prefix}"))
    return tuple(one for one in found if one.ip.is_private and not one.ip.is_loopback)


def is_near(url: str, networks: Iterable[Network]) -> bool:
    """Tell whether a server's address, in numbers, lies in one of these networks."""
    address = _address(url)
    return address is not None and any(address in one.network for one in networks)


def _address(url: str) -> Optional[ipaddress.IPv4Address]:
    try:
        return ipaddress.IPv4Address(urlsplit(url).hostname or "")
    except ValueError:
        return None
