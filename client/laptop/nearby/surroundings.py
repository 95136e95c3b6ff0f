"""The network around this laptop as multicast DNS tells it; what the laptop lends there."""

from __future__ import annotations

import contextlib
import random
import secrets
import threading
import time
from typing import Callable, Collection, Dict, List, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from client.laptop.lending.lending import Lending
from client.laptop.store import Store
from sync.nearby.advert import LENDER, SERVER, Advert, lender_advert, server_label
from sync.nearby.multicast import Multicast
from sync.nearby.networks import Network, is_near, own_networks

FIRST_LOOK_S = 1.5
"""Who is there answers within a second; later looks find what was heard meanwhile."""
MOST_LENDERS = 6
NETWORKS_S = 20.0
"""So often it is looked which networks this machine is in: a laptop is carried home."""


class Surroundings:
    """What syncing asks about the network, and tells it; see `client.laptop.nearby.nearby`.

    Nothing is opened before it is asked for. Where ``lends``, the laptop lends while it is open.
    """

    def __init__(
        self,
        store: Store,
        *,
        lends: bool = False,
        multicast: Optional[Multicast] = None,
        networks: Callable[[], Sequence[Network]] = own_networks,
        monotonic: Callable[[], float] = time.monotonic,
        shuffle: Callable[[List[Advert]], None] = random.shuffle,
    ) -> None:
        self._multicast = multicast or Multicast()
        self._ask_networks = networks
        self._monotonic = monotonic
        self._shuffle = shuffle
        # Two: whoever asks a lender is judged by our networks, also while the lender is ended.
        self._guard, self._networks_guard = threading.Lock(), threading.Lock()
        self._networks: Tuple[Network, ...] = ()
        self._networks_s: Optional[float] = None
        self._looked = {SERVER: False, LENDER: False}
        self._label = secrets.token_hex(16)
        self._lending = Lending(store, self._is_welcome) if lends else None

    def is_near(self, url: str) -> bool:
        """Tell whether an address lies in a network that this laptop is in."""
        return is_near(url, self._own())

    def servers(self, device_id: str) -> Tuple[str, ...]:
        """Return where a server says that it is; the first look takes a moment."""
        found = self._look(SERVER, bool, server_label(device_id))
        return tuple(url for one in found for url in one.urls)

    def lenders(self, tags: Collection[bytes]) -> Tuple[str, ...]:
        """Return the neighbours to ask, a few: those that hold what is wanted first, by chance.

        One machine is one neighbour, so that nobody takes all places by many names.
        """
        wanted = frozenset(tags)
        found = list(self._look(LENDER, _never))
        self._shuffle(found)
        found.sort(key=lambda one: -len(one.tags & wanted))
        near = (next(filter(self.is_near, one.urls), None) for one in found)
        machines: Dict[Optional[str], str] = {}
        for url in filter(None, near):
            machines.setdefault(urlsplit(url).hostname, url)
        return tuple(machines.values())[:MOST_LENDERS]

    def attend(self) -> None:
        """Lend what there is to lend, and announce it."""
        if self._lending is None:
            return
        with self._guard, contextlib.suppress(OSError):
            port = self._lending.attend()
            addresses = [str(one.ip) for one in self._own()]
            if port is None or not addresses:
                self._multicast.withdraw(LENDER)
                return
            tags = self._lending.tags()
            self._multicast.announce(lender_advert(self._label, port, addresses, tags))

    def lend_unless(self, busy: Callable[[], bool]) -> None:
        """Lend nothing while ``busy`` says that the machine is needed."""
        if self._lending is not None:
            self._lending.busy = busy

    def close(self) -> None:
        """Lend no more, and say so."""
        with self._guard:
            self._multicast.close()
            if self._lending is not None:
                self._lending.close()

    def _is_welcome(self, address: str) -> bool:
        return self.is_near(f"http://{address}")

    def _look(
        self, kind: str, enough: Callable[[Tuple[Advert, ...]], bool], only: str = ""
    ) -> Tuple[Advert, ...]:
        if not self._own():
            return ()
        wait_s = 0.0 if self._looked[kind] else FIRST_LOOK_S
        self._looked[kind] = True
        return self._multicast.look(kind, wait_s, enough, only)

    def _own(self) -> Tuple[Network, ...]:
        with self._networks_guard:
            now_s = self._monotonic()
            if self._networks_s is None or now_s - self._networks_s >= NETWORKS_S:
                before, self._networks = self._networks, tuple(self._asked())
                if self._networks_s is not None and before != self._networks:
                    # What was heard in another network is gone, and so are its sockets. Who
                    # listens at home does not know a laptop that they met at school.
                    self._label = secrets.token_hex(16)
                    self._multicast.withdraw(LENDER)
                    self._multicast.renew()
                    self._looked = dict.fromkeys(self._looked, False)
                self._networks_s = now_s
            return self._networks

    def _asked(self) -> Sequence[Network]:
        try:
            return self._ask_networks()
        except (OSError, ImportError):
            return ()


def _never(_: Tuple[Advert, ...]) -> bool:
    return False
