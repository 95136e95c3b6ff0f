"""Under which addresses laptops of the same network reach this machine."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
from typing import List, Tuple

DEFAULT_HOST = "0.0.0.0"  # noqa: S104 - a school's server is there for the whole school
DEFAULT_PORT = 8765
_ANSWER_S = 3.0


def addresses(host: str, port: int) -> Tuple[str, ...]:
    """Return the URLs of a server that listens on ``host`` and ``port``, the likeliest first."""
    if not ipaddress.ip_address(host).is_unspecified:
        return (url(host, port),)
    found = list(dict.fromkeys(_own_addresses()))
    return tuple(url(address, port) for address in found or ["127.0.0.1"])


def url(host: str, port: int) -> str:
    """Return the URL of one address (IPv6 in brackets, RFC 3986)."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def answers_at(host: str, port: int) -> bool:
    """Ask whether a server answers on this machine, where it listens at ``host``."""
    reached = "127.0.0.1" if ipaddress.ip_address(host).is_unspecified else host
    line = http.client.HTTPConnection(reached, port, timeout=_ANSWER_S)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _own_addresses() -> List[str]:
    found = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Connecting a datagram socket sends nothing: it only asks which way packets would leave.
        probe.connect(("192.0.2.1", 9))
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [text for text in found if not ipaddress.ip_address(text).is_loopback]
