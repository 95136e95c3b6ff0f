"""Addresses that somebody typed, as a laptop keeps them: a short list in a setting."""

from __future__ import annotations

import json
from typing import Iterable, Tuple

from client.laptop.problems import as_laptop_error
from client.laptop.store import Store
from sync.errors import EnrolmentError
from sync.roads.address import server_address

MOST = 4


def kept_addresses(store: Store, setting: str) -> Tuple[str, ...]:
    """Return the addresses that are kept, in the order in which they were typed."""
    try:
        found = json.loads(store.setting(setting, "[]"))
    except ValueError:
        return ()
    return tuple(str(address) for address in found)[:MOST]


def as_kept(typed: Iterable[str]) -> str:
    """Return what to keep for addresses as somebody typed them: each once, the first few.

    Raises LaptopError ``address-invalid``.
    """
    try:
        addresses = list(dict.fromkeys(server_address(one) for one in typed))
    except EnrolmentError as error:
        raise as_laptop_error(error) from error
    return json.dumps(addresses[:MOST])
