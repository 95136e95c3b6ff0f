"""Announcing and finding services by multicast DNS (RFC 6762), by the library zeroconf.

Nothing is opened before it is needed. Whoever floods the network is not listened to for a while:
the library keeps whatever it hears for as long as the sender wishes, so its memory is watched here.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import OrderedDict
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Optional,
    Sequence,
    Tuple,
    Type,
)

from sync.nearby.advert import Advert, heard, is_label

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

MOST_NAMES = 256
"""So many services of a kind are remembered; a school has fewer laptops that lend."""
MOST_RECORDS_A_MINUTE = 4000
MOST_RECORDS = 20_000
"""Eighty laptops that announce themselves at once make some hundred records."""
MOST_BYTES_A_MINUTE, MOST_BYTES = 2 << 20, 8 << 20
"""Of names and texts: a packet may bring 9,000 bytes as one record."""
SILENCE_S = 600.0
ASK_AGAIN_MS = 300
"""How long a service's address is asked for that did not come with its name."""
MOST_ASKED = 4
_LOOK_S = 0.05

Enough = Callable[[Tuple[Advert, ...]], bool]


class Multicast:
    """The network as one process hears it. For any number of threads; ``close`` it in the end.

    ``interfaces`` are this machine's addresses to speak from, by default all.
    """

    def __init__(
        self,
        interfaces: Optional[Sequence[str]] = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interfaces = interfaces
        self._monotonic = monotonic
        self._guard = threading.RLock()
        self._names: Dict[str, OrderedDict[str, None]] = {}
        self._only: Dict[str, str] = {}
        self._announced: Dict[str, Tuple[Advert, ServiceInfo]] = {}
        self._open: Optional[Zeroconf] = None
        self._silent_until_s = 0.0
        self._closed = False

    def announce(self, advert: Advert) -> None:
        """Announce a service instead of an earlier one of its kind; raises OSError."""
        with self._guard:
            before = self._announced.get(advert.kind)
            if before is not None and before[0] == advert:
                # Where nobody was listened to for a while, it is announced again with this.
                self._network()
                return
            self.withdraw(advert.kind)
            network = self._network()
            info = _info(advert)
            self._announced[advert.kind] = (advert, info)
            if network is not None:
                with self._failing():
                    _register(network, info)

    def withdraw(self, kind: str) -> None:
        """Announce a service no more."""
        with self._guard:
            _, info = self._announced.pop(kind, (None, None))
            if info is not None and self._open is not None:
                with contextlib.suppress(OSError), self._failing():
                    self._open.unregister_service(info)

    def look(self, kind: str, wait_s: float, enough: Enough, only: str = "") -> Tuple[Advert, ...]:
        """Return the services of a kind that are known, and wait so long until they are enough.

        ``only`` is the label of the one that is looked for; all others are passed over. Nothing is
        found, and nothing raised, without a network.
        """
        ends_s = self._monotonic() + wait_s
        try:
            self._browse(kind, only)
        except OSError:
            return ()
        while True:
            found = self._known(kind)
            if enough(found) or self._monotonic() >= ends_s:
                return found
            time.sleep(_LOOK_S)

    @property
    def silent(self) -> bool:
        """Whether nobody is listened to for a while."""
        return self._monotonic() < self._silent_until_s

    def renew(self) -> None:
        """Begin anew in the networks that this machine is in now, and announce the same there."""
        self._shut()
        with self._guard, contextlib.suppress(OSError):
            if self._announced:
                self._network()

    def close(self) -> None:
        """Say that what was announced is gone, and hear nothing more."""
        self._closed = True
        self._shut()

    def _shut(self) -> None:
        with self._guard:
            network, self._open = self._open, None
            self._names.clear()
        if network is not None:
            with contextlib.suppress(*_failures()):
                network.close()
            loop = network.loop
            if loop is not None and not loop.is_running():
                # Older versions of the library leave it to whoever finds it.
                loop.close()

    def _network(self) -> Optional[Zeroconf]:
        """Open the network where it is not; None while nobody is listened to."""
        with self._guard:
            if self._open is None and not self._closed and not self.silent:
                from zeroconf import InterfaceChoice, IPVersion, Zeroconf

                self._open = Zeroconf(
                    interfaces=list(self._interfaces or ()) or InterfaceChoice.All,
                    ip_version=IPVersion.V4Only,
                )
                with self._failing():
                    self._open.add_listener(_watchman(self._flooded, self._monotonic), None)
                    for _, info in self._announced.values():
                        _register(self._open, info)
            return self._open

    def _browse(self, kind: str, only: str) -> None:
        with self._guard:
            self._only[kind] = only
            network = self._network()
            if network is None or kind in self._names:
                return
            self._names[kind] = OrderedDict()
            with self._failing():
                network.add_service_listener(kind, _listener(self._came, self._went))

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """Tell as OSError what the library failed at, and open the network anew the next time.

        On a slow machine its own thread may not answer it in time; what it did then, nobody knows.
        """
        try:
            yield
        except _failures() as error:
            self._shut()
            raise OSError(f"multicast DNS failed ({type(error).__name__})") from error

    def _came(self, kind: str, name: str) -> None:
        label = is_label(kind, name)
        only = self._only.get(kind, "")
        if label is None or (only and label != only):
            return
        names = self._names.get(kind)
        if names is not None:
            names[name] = None
            names.move_to_end(name)
            while len(names) > MOST_NAMES:
                names.popitem(last=False)

    def _went(self, kind: str, name: str) -> None:
        names = self._names.get(kind)
        if names is not None:
            names.pop(name, None)

    def _known(self, kind: str) -> Tuple[Advert, ...]:
        network, own = self._open, self._announced.get(kind)
        if network is None:
            return ()
        found: List[Advert] = []
        asked = 0
        for name in list(self._names.get(kind, ())):
            info = _empty_info(kind, name)
            if not _loaded(info, network):
                if asked == MOST_ASKED:
                    continue
                asked += 1
                if not _asked(info, network):
                    continue
            label = is_label(kind, name) or ""
            advert = heard(kind, label, info.port, info.parsed_addresses(), info.properties)
            if advert is not None and (own is None or own[0].label != label):
                found.append(advert)
        return tuple(found)

    def _flooded(self) -> None:
        """Hear nobody for a while: called on the library's own thread, which cannot end itself."""
        if not self.silent:
            self._silent_until_s = self._monotonic() + SILENCE_S
            threading.Thread(target=self._shut, name="keruen-silence", daemon=True).start()


def _register(network: Zeroconf, info: ServiceInfo) -> None:
    """Announce without a question whether the name is free: a stranger could say that it is not."""
    network.register_service(info, cooperating_responders=True)


def _info(advert: Advert) -> ServiceInfo:
    from zeroconf import ServiceInfo

    return ServiceInfo(
        advert.kind,
        f"{advert.label}.{advert.kind}",
        port=advert.port,
        addresses=[socket.inet_aton(one) for one in advert.addresses],
        properties=dict(advert.text),
        server=f"keruen-{advert.label[:16]}.local.",
    )


def _empty_info(kind: str, name: str) -> ServiceInfo:
    from zeroconf import ServiceInfo

    return ServiceInfo(kind, name)


def _failures() -> Tuple[Type[Exception], ...]:
    import concurrent.futures

    import zeroconf

    return (zeroconf.Error, OSError, RuntimeError, concurrent.futures.TimeoutError)


def _loaded(info: ServiceInfo, network: Zeroconf) -> bool:
    with contextlib.suppress(Exception):
        # The library's thread may change what is read here.
        return bool(info.load_from_cache(network))
    return False


def _asked(info: ServiceInfo, network: Zeroconf) -> bool:
    with contextlib.suppress(Exception):
        # Whatever a stranger's answer leads the library to, it is not an answer then.
        return bool(info.request(network, ASK_AGAIN_MS))
    return False


def _listener(came: Callable[[str, str], None], went: Callable[[str, str], None]) -> Any:
    from zeroconf import ServiceListener

    class Listener(ServiceListener):
        def add_service(self, _: Zeroconf, type_: str, name: str) -> None:
            came(type_, name)

        def update_service(self, _: Zeroconf, type_: str, name: str) -> None:
            came(type_, name)

        def remove_service(self, _: Zeroconf, type_: str, name: str) -> None:
            went(type_, name)

    return Listener()


def _watchman(flooded: Callable[[], None], monotonic: Callable[[], float]) -> Any:
    """Count what is heard, and call ``flooded`` when it is more than a school has to say."""
    from zeroconf import RecordUpdate, RecordUpdateListener

    class Watchman(RecordUpdateListener):
        def __init__(self) -> None:
            super().__init__()
            self._count, self._bytes, self._since_s = 0, 0, monotonic()

        def async_update_records(
            self, zc: Zeroconf, now: float, records: List[RecordUpdate]
        ) -> None:
            del now
            self._count += len(records)
            self._bytes += sum(_size_bytes(one.new) for one in records)
            minute_over = monotonic() - self._since_s >= 60.0
            much = self._count > MOST_RECORDS_A_MINUTE or self._bytes > MOST_BYTES_A_MINUTE
            if much or (minute_over and _is_too_much(zc)):
                flooded()
            if minute_over:
                self._count, self._bytes, self._since_s = 0, 0, monotonic()

        def async_update_records_complete(self) -> None:
            return None

    return Watchman()


def _is_too_much(network: Zeroconf) -> bool:
    """Tell whether the library keeps more of what was heard than a school has to say."""
    kept = [one for records in network.cache.cache.values() for one in records]
    return len(kept) > MOST_RECORDS or sum(map(_size_bytes, kept)) > MOST_BYTES


def _size_bytes(record: Any) -> int:
    return len(record.name) + len(getattr(record, "text", b""))
