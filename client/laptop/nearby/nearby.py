"""Who is near, as syncing asks for it; and a laptop that looks for nobody."""

from __future__ import annotations

import threading
from typing import Callable, Collection, Optional, Protocol, Tuple


class Nearby(Protocol):
    """The network around a laptop. Methods are called on worker threads and raise nothing."""

    def is_near(self, url: str) -> bool:
        """Tell whether an address lies in a network that this laptop is in."""
        ...

    def servers(self, device_id: str) -> Tuple[str, ...]:
        """Return where a server says that it is: hints by anybody, to be proven."""
        ...

    def lenders(self, tags: Collection[bytes]) -> Tuple[str, ...]:
        """Return neighbours who lend objects, first those that hold what has these tags."""
        ...

    def attend(self) -> None:
        """Bring what this laptop says of itself in step with how things are now."""
        ...

    def lend_unless(self, busy: Callable[[], bool]) -> None:
        """Lend nothing while ``busy``, which any thread asks, says that the machine is needed."""
        ...

    def close(self) -> None:
        """Speak and listen no more."""
        ...


class Nobody:
    """Nothing is looked for, and nothing is lent."""

    def is_near(self, url: str) -> bool:
        """No."""
        del url
        return False

    def servers(self, device_id: str) -> Tuple[str, ...]:
        """None."""
        del device_id
        return ()

    def lenders(self, tags: Collection[bytes]) -> Tuple[str, ...]:
        """None."""
        del tags
        return ()

    def attend(self) -> None:
        """Do nothing."""

    def lend_unless(self, busy: Callable[[], bool]) -> None:
        """Do nothing."""
        del busy

    def close(self) -> None:
        """Do nothing."""


NOBODY: Nearby = Nobody()


class Later:
    """The network around a laptop, not opened before it is asked about: the window comes first."""

    def __init__(self, open_: Callable[[], Nearby]) -> None:
        self._open = open_
        self._guard = threading.Lock()
        self._nearby: Optional[Nearby] = None
        self._busy: Optional[Callable[[], bool]] = None

    def is_near(self, url: str) -> bool:
        """Ask."""
        return self._opened().is_near(url)

    def servers(self, device_id: str) -> Tuple[str, ...]:
        """Ask."""
        return self._opened().servers(device_id)

    def lenders(self, tags: Collection[bytes]) -> Tuple[str, ...]:
        """Ask."""
        return self._opened().lenders(tags)

    def attend(self) -> None:
        """Tell."""
        self._opened().attend()

    def lend_unless(self, busy: Callable[[], bool]) -> None:
        """Remember it until the network is opened."""
        with self._guard:
            self._busy = busy
            if self._nearby is not None:
                self._nearby.lend_unless(busy)

    def close(self) -> None:
        """Close what was opened, and open nothing more."""
        with self._guard:
            if self._nearby is not None:
                self._nearby.close()
            self._nearby = NOBODY

    def _opened(self) -> Nearby:
        with self._guard:
            if self._nearby is None:
                self._nearby = self._open()
                if self._busy is not None:
                    self._nearby.lend_unless(self._busy)
            return self._nearby
