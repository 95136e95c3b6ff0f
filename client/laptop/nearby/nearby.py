"""Who is near, as syncing asks for it; and a laptop that looks for nobody."""

from __future__ import annotations

from typing import Collection, Protocol, Tuple


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

    def close(self) -> None:
        """Do nothing."""


NOBODY: Nearby = Nobody()
