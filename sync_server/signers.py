"""The public keys of the devices that were heard of lately."""

from __future__ import annotations

from collections import OrderedDict
from typing import Optional

from sync.identity import PublicIdentity
from sync_server.store.protocol import Store

MAX_SIGNERS = 4096


class SignerCache:
    """Finds a device's keys without a transaction where it can.

    A device is named by the hash of its keys, so they never change. Whether it may still write is
    asked anew in every exchange's own transaction.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[str, PublicIdentity] = OrderedDict()

    def find(self, device_id: str) -> Optional[PublicIdentity]:
        """Return a device's keys, or None for a stranger."""
        identity = self._known.get(device_id)
        if identity is not None:
            return identity
        with self._store.transaction() as transaction:
            device = transaction.device(device_id)
        if device is None:
            return None
        self._known[device_id] = device.identity
        while len(self._known) > MAX_SIGNERS:
            self._known.popitem(last=False)
        return device.identity
