"""Further addresses that objects may be had from, beside the school's server.

Any web server will do on which publishers' folders lie as they do at a school, below
``/repository/<publisher's key id>/``: another school's, a region's, a mirror on the internet. What
comes from there is verified like everything else, so nobody has to trust it.
"""

from __future__ import annotations

from typing import Iterable, Tuple

from client.laptop.nearby.typed_addresses import as_kept, kept_addresses
from client.laptop.store import Store

SETTING = "sources"


class Sources:
    """The list of one laptop, kept over a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def addresses(self) -> Tuple[str, ...]:
        """The addresses, in the order in which they were given."""
        return kept_addresses(self._store, SETTING)

    def use(self, typed: Iterable[str]) -> None:
        """Use these addresses from the next fetching on, and no others.

        Raises LaptopError ``address-invalid``, and changes nothing then.
        """
        self._store.keep_settings({SETTING: as_kept(typed)})
