"""Further addresses that objects may be had from, beside the school's server.

Any web server will do on which publishers' folders lie as they do at a school, below
``/repository/<publisher's key id>/``: another school's, a region's, a mirror on the internet. What
comes from there is verified like everything else, so nobody has to trust it.
"""

from __future__ import annotations

import json
from typing import Iterable, Tuple

from client.laptop.problems import as_laptop_error
from client.laptop.store import Store
from sync.errors import EnrolmentError
from sync.roads.address import server_address

SETTING = "sources"
MAX_SOURCES = 4


class Sources:
    """The list of one laptop, kept over a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def addresses(self) -> Tuple[str, ...]:
        """The addresses, in the order in which they were given."""
        try:
            found = json.loads(self._store.setting(SETTING, "[]"))
        except ValueError:
            return ()
        return tuple(str(address) for address in found)[:MAX_SOURCES]

    def use(self, typed: Iterable[str]) -> None:
        """Use these addresses from the next fetching on, and no others.

        Raises LaptopError ``address-invalid``, and changes nothing then.
        """
        try:
            addresses = list(dict.fromkeys(server_address(one) for one in typed))
        except EnrolmentError as error:
            raise as_laptop_error(error) from error
        self._store.keep_settings({SETTING: json.dumps(addresses[:MAX_SOURCES])})
