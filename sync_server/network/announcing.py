"""Saying in the school's network where this server is, so that laptops find it by themselves.

What is said proves nothing: a laptop believes a server only when it answers with the keys that the
laptop was enrolled with. Not being heard is no failure either: the address can be typed.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
from typing import Callable, Iterable, Iterator, Optional, Tuple

from sync.nearby.advert import SERVER, server_advert
from sync.nearby.multicast import Multicast
from sync.nearby.networks import Network, own_networks

LOOK_S = 60.0
"""So often it is looked whether this machine has got other addresses."""

Tell = Callable[[str], None]


class Announcing:
    """Announces one server on a thread of its own, from ``start`` to ``stop``."""

    def __init__(
        self,
        device_id: str,
        host: str,
        port: int,
        tell: Tell,
        *,
        multicast: Optional[Multicast] = None,
        networks: Callable[[], Iterable[Network]] = own_networks,
        look_s: float = LOOK_S,
    ) -> None:
        """``host`` and ``port`` are where the server listens; ``tell`` hears of a failure, once."""
        self._device_id = device_id
        self._host, self._port = host, port
        self._tell = tell
        self._multicast = multicast or Multicast()
        self._networks = networks
        self._look_s = look_s
        self._over = threading.Event()
        self._said: Tuple[str, ...] = ()
        self._told = False
        self._thread = threading.Thread(target=self._run, name="keruen-announcing", daemon=True)

    def start(self) -> None:
        """Begin, unless the server listens where nobody else is."""
        if not ipaddress.ip_address(self._host).is_loopback:
            self._thread.start()

    def stop(self) -> None:
        """Say that the server is gone."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._multicast.close()

    def _run(self) -> None:
        while True:
            self._look()
            if self._over.wait(self._look_s):
                return

    def _look(self) -> None:
        try:
            addresses = heard_at(self._host, self._networks())
            if self._said and addresses != self._said:
                # The library's sockets are bound to the addresses that were.
                self._multicast.withdraw(SERVER)
                self._multicast.renew()
            if addresses:
                self._multicast.announce(server_advert(self._device_id, self._port, addresses))
            self._said = addresses
        except OSError as error:
            if not self._told:
                self._told = True
                self._tell(f"Laptops do not find this server by themselves ({error}).")


@contextlib.contextmanager
def announced(announcing: Optional[Announcing]) -> Iterator[None]:
    """Announce for as long as a block lasts, where there is anything to announce."""
    if announcing is not None:
        announcing.start()
    try:
        yield
    finally:
        if announcing is not None:
            announcing.stop()


def heard_at(host: str, networks: Iterable[Network]) -> Tuple[str, ...]:
    """Return the addresses under which laptops of the same networks reach a server at a host."""
    own = ipaddress.ip_address(host)
    found = [str(one.ip) for one in networks if own.is_unspecified or one.ip == own]
    return tuple(dict.fromkeys(found))
